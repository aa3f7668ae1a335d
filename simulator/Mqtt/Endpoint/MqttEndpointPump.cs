using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Sessions;

namespace Gateway.Mqtt.Endpoint;

/// <content>The pump: takes inputs one by one to the broker and lets its outputs be written. Never runs twice at a time.</content>
public sealed partial class MqttEndpoint
{
    /// <summary>Runs one turn of the pump: all inputs that are there, bounded, then the writes that they led to.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        // Enough to share flushes among many packets, few enough that the first of them waits for milliseconds only.
        const int maxPacketsPerTurn = 2_048;
        for (int done = 0; done < maxPacketsPerTurn && inputs.TryDequeue(out Input input);)
        {
            done += input.Value is PacketBatch batch ? batch.Packets.Count + 1 : 1;
            Handle(input);
        }
        for (int i = 0; i < dirty.Count; i++)
            TryWrite(dirty[i]);
        dirty.Clear();

        // A full fence: a poster that still saw the pump scheduled must find its input seen here, or it would wait for the next one.
        Interlocked.Exchange(ref pumpIsScheduled, 0);
        if (!inputs.IsEmpty)
            Schedule();
    }

    private void Post(in Input input)
    {
        inputs.Enqueue(input);
        Schedule();
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref pumpIsScheduled, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void QueueHeartbeat()
    {
        if (Interlocked.Exchange(ref heartbeatIsQueued, 1) == 0)
            Post(new Input(InputKind.Heartbeat, null, null));
    }

    /// <summary>The pump's one catch: an error here is a defect of ours or of the policy; it ends the connection it concerns and nothing else.</summary>
    private void Handle(in Input input)
    {
        EndpointConnection? client = input.Connection;
        try
        {
            switch (input.Kind)
            {
                case InputKind.Opened:
                    Open(client!);
                    break;
                case InputKind.Batch:
                    Take(client!, (PacketBatch)input.Value!);
                    break;
                case InputKind.Flushed:
                    client!.IsFlushing = false;
                    MarkDirty(client);
                    break;
                case InputKind.Answered:
                    var publish = (InboundPublish)input.Value!;
                    client = (EndpointConnection)publish.Connection!;
                    broker.Answer(publish);
                    LetRead(client);
                    break;
                case InputKind.Lost:
                    broker.Lost(client!, (string)input.Value!, NowMs);
                    Release(client!);
                    break;
                case InputKind.Heartbeat:
                    Beat();
                    break;
                case InputKind.OwnerPublish:
                    Interlocked.Decrement(ref ownerBacklog);
                    broker.Publish((ApplicationMessage)input.Value!);
                    break;
                case InputKind.OwnerDisconnect:
                    (string clientId, string reason) = ((string, string))input.Value!;
                    broker.Disconnect(clientId, reason, NowMs);
                    break;
                case InputKind.Stop:
                    isStopping = true;
                    broker.Stop(NowMs);
                    SignalStopped();
                    break;
            }
        }
        catch (Exception e)
        {
            Interlocked.Increment(ref metrics.Errors);
            LogPumpFailed(input.Kind, e);
            Abandon(client, input.Kind);
        }
    }

    private void TryWrite(EndpointConnection client)
    {
        try
        {
            Write(client);
        }
        catch (Exception e)
        {
            Interlocked.Increment(ref metrics.Errors);
            LogPumpFailed(InputKind.Flushed, e);
            client.Transport.Abort();
        }
    }

    private void Abandon(EndpointConnection? client, InputKind kind)
    {
        if (client is null)
            return;
        client.Transport.Abort();
        try
        {
            broker.Lost(client, "internal error", NowMs);
        }
        catch (Exception e)
        {
            Interlocked.Increment(ref metrics.Errors);
            LogPumpFailed(InputKind.Lost, e);
        }
        if (kind == InputKind.Lost && !client.IsReleased)
            Release(client);
        else if (client.IsReaderWaiting)
            client.Continue();
    }

    private void Open(EndpointConnection client)
    {
        unreleased++;
        if (!broker.Open(client, NowMs, (client.Transport.RemoteEndPoint as System.Net.IPEndPoint)?.Address))
        {
            client.EndedMs = NowMs;
            ending.Add(client);
            client.Transport.Abort();
        }
    }

    private void Take(EndpointConnection client, PacketBatch batch)
    {
        client.IsReaderWaiting = true;
        metrics.BytesIn += batch.Bytes;
        long nowMs = NowMs;
        foreach (ref readonly Packet packet in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batch.Packets))
        {
            if (packet.Type == PacketType.Connect)
                broker.Connect(client, packet.Connect, batch.Verdict, nowMs);
            else
                broker.Receive(client, packet, nowMs);
        }
        if (batch.Fault.IsFault)
            broker.Violated(client, batch.Fault);
        else if (batch.HasPartialPacket)
            broker.PartialPacket(client, nowMs);
        Return(batch);
        LetRead(client);
    }

    private void LetRead(EndpointConnection client)
    {
        if (client.IsReaderWaiting && (client.State == ConnectionState.Ended || broker.MayRead(client)))
            client.Continue();
    }

    private void Release(EndpointConnection client)
    {
        client.IsReleased = true;
        client.Outbox = null;
        client.Continue();
        unreleased--;
        SignalStopped();
    }

    private void SignalStopped()
    {
        if (!isStopping || unreleased > 0 || stopped.Task.IsCompleted)
            return;
        try
        {
            store?.Save(broker.Export(NowMs));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogSaveFailed(e); // every session will start afresh, as after a crash
        }
        stopped.TrySetResult();
    }

    private void Beat()
    {
        Volatile.Write(ref heartbeatIsQueued, 0);
        long nowMs = NowMs;
        long stalledMs = nowMs - lastHeartbeatMs - limits.HeartbeatMs;
        lastHeartbeatMs = nowMs;
        if (stalledMs > 2 * limits.HeartbeatMs)
        {
            LogStalled(stalledMs);
            broker.Forgive(stalledMs);
        }
        broker.Tick(nowMs);
        for (int i = ending.Count - 1; i >= 0; i--)
        {
            // Kestrel would wait without end for a peer that does not read the last bytes.
            bool isLate = nowMs - ending[i].EndedMs >= limits.CloseTimeoutMs;
            if (isLate)
                ending[i].Transport.Abort();
            if (isLate || ending[i].Transport.ConnectionClosed.IsCancellationRequested)
                ending.RemoveAt(i);
        }
    }
}
