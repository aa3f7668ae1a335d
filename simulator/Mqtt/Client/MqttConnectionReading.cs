using System.Buffers;
using Gateway.Mqtt.Packets;

namespace Gateway.Mqtt.Client;

/// <content>What comes in; <c>MqttConnection.cs</c> has what goes out.</content>
public sealed partial class MqttConnection
{
    private async Task ReadAsync()
    {
        byte[] buffer = new byte[InitialBufferBytes];
        int filled = 0;
        string reason;
        try
        {
            while (true)
            {
                int count = await stream.ReadAsync(buffer.AsMemory(filled), closing.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    reason = "closed by the server";
                    break;
                }
                filled += count;
                Volatile.Write(ref lastReceivedTimestamp, clock.GetTimestamp());
                PacketFault fault = TakePackets(buffer, ref filled);
                if (fault.IsFault)
                {
                    reason = fault.ToString();
                    break;
                }
                if (filled == buffer.Length)
                    Array.Resize(ref buffer, Math.Min(buffer.Length * 2, maxPacketBytes + FrameReader.MaxHeaderBytes));
            }
        }
        catch (Exception e)
        {
            reason = $"connection lost ({e.GetType().Name})"; // the stream is anybody's, and so are its exceptions
        }
        Close(reason);
        Closed?.Invoke(closeReason);
    }

    /// <summary>All whole packets of the buffer; their acknowledgements leave in one write, in order [MQTT-4.6.0-2], [MQTT-4.6.0-3].</summary>
    private PacketFault TakePackets(byte[] buffer, ref int filled)
    {
        int start = 0;
        PacketFault fault = default;
        while (!fault.IsFault)
        {
            var rest = new ReadOnlySequence<byte>(buffer, start, filled - start);
            FrameStatus status = FrameReader.TryRead(rest, maxPacketBytes, out byte firstByte, out int headerBytes, out int bodyBytes, out fault);
            if (status != FrameStatus.Complete
                || !PacketDecoder.TryDecode(firstByte, buffer.AsSpan(start + headerBytes, bodyBytes), topics, out Packet packet, out fault))
            {
                break;
            }
            start += headerBytes + bodyBytes;
            fault = Take(packet);
        }
        lock (gate)
        {
            if (Volatile.Read(ref isClosed) == 0)
                Flush();
        }
        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        filled -= start;
        return fault;
    }

    private PacketFault Take(in Packet packet)
    {
        if (!connAck.Task.IsCompleted)
        {
            if (packet.Type != PacketType.ConnAck)
                return new PacketFault("MQTT-3.2.0-1", "The first packet of the server is not CONNACK.");
            connAck.TrySetResult(packet);
            return default;
        }
        Packet reply;
        bool isNews;
        PacketFault fault;
        lock (gate)
            fault = session.Receive(packet, out reply, out isNews);
        if (fault.IsFault)
            return fault;
        try
        {
            if (isNews)
                Tell(packet);
        }
        catch (Exception e)
        {
            return new PacketFault("handler", e.Message); // not acknowledged, so the server will deliver it again
        }
        if (reply.Type != 0)
        {
            lock (gate)
                Add(reply);
        }
        return default;
    }

    private void Tell(in Packet packet)
    {
        switch (packet.Type)
        {
            case PacketType.Publish:
                MessageReceived?.Invoke(packet.Message, packet.Dup);
                break;
            case PacketType.PubAck or PacketType.PubComp:
                Published?.Invoke(packet.Id);
                break;
            case PacketType.SubAck:
                Subscribed?.Invoke(packet.Id, packet.Codes);
                break;
            case PacketType.UnsubAck:
                Unsubscribed?.Invoke(packet.Id);
                break;
            case PacketType.PingResp:
                PingAnswered?.Invoke();
                break;
        }
    }
}
