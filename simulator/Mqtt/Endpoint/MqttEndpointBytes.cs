using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using Gateway.Mqtt.Packets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Mqtt.Endpoint;

/// <content>Bytes in and out; <c>MqttEndpointPump.cs</c> has what happens in between.</content>
public sealed partial class MqttEndpoint
{
    /// <summary>More than this is flushed before the next packet is written, so that a large backlog does not first become a large buffer.</summary>
    private const int FlushBytes = 32_768;

    /// <summary>Empty batches kept for reuse.</summary>
    private const int MaxSpareBatches = 64;

    private readonly ConcurrentQueue<PacketBatch> spareBatches = new();

    /// <summary>Decodes what has come and gives it to the pump. False when it is the last.</summary>
    private bool HandOver(EndpointConnection client, in ReadResult read)
    {
        client.IsHandedOver = false;
        if (read.IsCanceled)
            return false;

        PacketBatch batch = spareBatches.TryDequeue(out PacketBatch? spare) ? spare : new PacketBatch();
        ReadOnlySequence<byte> buffer = read.Buffer;
        bool isAll = Decode(client, batch, ref buffer);
        Judge(client, batch);
        client.Transport.Transport.Input.AdvanceTo(buffer.Start, isAll ? buffer.End : buffer.Start);

        bool isLast = batch.Fault.IsFault || (read.IsCompleted && isAll);
        if (batch.IsEmpty)
        {
            Return(batch);
        }
        else
        {
            client.IsHandedOver = true;
            client.PrepareWait();
            Post(new Input(InputKind.Batch, client, batch));
        }
        return !isLast;
    }

    /// <summary>Decodes whole packets off the front of the buffer. False when there may be more of them.</summary>
    private bool Decode(EndpointConnection client, PacketBatch batch, ref ReadOnlySequence<byte> buffer)
    {
        long before = buffer.Length;
        int maxBytes = client.IsJudged ? limits.MaxPacketBytes : limits.MaxConnectPacketBytes;
        while (batch.Packets.Count < PacketBatch.MaxPackets)
        {
            FrameStatus status = FrameReader.TryRead(
                buffer, maxBytes, out byte firstByte, out int headerBytes, out int bodyBytes, out PacketFault fault);
            if (status == FrameStatus.Complete && TryDecode(client, firstByte, buffer.Slice(headerBytes, bodyBytes), out Packet packet, out fault))
            {
                batch.Packets.Add(packet);
                buffer = buffer.Slice(headerBytes + bodyBytes);
                if (packet.Type == PacketType.Connect)
                    maxBytes = limits.MaxPacketBytes;
                continue;
            }
            batch.Fault = fault;
            batch.HasPartialPacket = !fault.IsFault && !buffer.IsEmpty;
            batch.Bytes = (int)(before - buffer.Length);
            return true;
        }
        batch.Bytes = (int)(before - buffer.Length);
        return false;
    }

    private static bool TryDecode(
        EndpointConnection client, byte firstByte, in ReadOnlySequence<byte> body, out Packet packet, out PacketFault fault)
    {
        TopicCache topics = client.Topics ??= new TopicCache();
        if (body.IsSingleSegment)
            return PacketDecoder.TryDecode(firstByte, body.FirstSpan, topics, out packet, out fault);

        int length = (int)body.Length;
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        body.CopyTo(rented);
        bool isValid = PacketDecoder.TryDecode(firstByte, rented.AsSpan(0, length), topics, out packet, out fault);
        ArrayPool<byte>.Shared.Return(rented, clearArray: (PacketType)(firstByte >> 4) == PacketType.Connect); // it may hold a password
        return isValid;
    }

    /// <summary>The costly part of a CONNECT runs here, on the connection's own thread, and not on the pump.</summary>
    private void Judge(EndpointConnection client, PacketBatch batch)
    {
        if (client.IsJudged || batch.Packets.Count == 0)
            return;
        client.IsJudged = true;
        if (batch.Packets[0].Type != PacketType.Connect)
            return;
        batch.Verdict = broker.Judge(
            batch.Packets[0].Connect,
            client.Transport.Features.Get<ITlsConnectionFeature>()?.ClientCertificate,
            client.Transport.RemoteEndPoint);
    }

    private void Return(PacketBatch batch)
    {
        batch.Clear();
        if (spareBatches.Count < MaxSpareBatches)
            spareBatches.Enqueue(batch);
    }

    private void MarkDirty(EndpointConnection client)
    {
        if (client.IsDirty || client.IsReleased)
            return;
        client.IsDirty = true;
        dirty.Add(client);
    }

    /// <summary>Everything in the outbox, as far as the socket takes it: what it does not take stays in the bounded outbox, not in a growing pipe.</summary>
    private void Write(EndpointConnection client)
    {
        client.IsDirty = false;
        if (client.IsReleased)
            return;
        if (!client.IsFlushing)
            WriteOutbox(client);
        LetRead(client);
        if (client.State == Sessions.ConnectionState.Ended)
            client.Transport.Transport.Input.CancelPendingRead(); // wakes the reader, which then returns: Kestrel sends the rest and closes
    }

    private void WriteOutbox(EndpointConnection client)
    {
        PipeWriter output = client.Transport.Transport.Output;
        int unflushed = 0;
        while (broker.TryTake(client, out Packet packet))
        {
            int length = PacketEncoder.Write(output, packet);
            metrics.BytesOut += length;
            unflushed += length;
            if (unflushed < FlushBytes)
                continue;
            if (!Flush(client, output))
                return;
            unflushed = 0;
        }
        if (unflushed > 0)
            Flush(client, output);
    }

    /// <summary>False when the socket is full: the pump hears of it again by <see cref="InputKind.Flushed"/>.</summary>
    private bool Flush(EndpointConnection client, PipeWriter output)
    {
        ValueTask<FlushResult> flush = output.FlushAsync();
        if (flush.IsCompletedSuccessfully)
            return !flush.Result.IsCompleted;
        client.IsFlushing = true;
        _ = ReportFlushed(client, flush);
        return false;
    }

    private async Task ReportFlushed(EndpointConnection client, ValueTask<FlushResult> flush)
    {
        try
        {
            await flush;
        }
        catch (Exception e)
        {
            LogFlushFailed(e.GetType().Name);
        }
        Post(new Input(InputKind.Flushed, client, null));
    }

    [Microsoft.Extensions.Logging.LoggerMessage(Level = Microsoft.Extensions.Logging.LogLevel.Debug, Message = "A flush failed: {Error}")]
    private partial void LogFlushFailed(string error);
}
