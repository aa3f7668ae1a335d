using Gateway.Hub.Incidents;

namespace Gateway.Hub.Ingest;

/// <summary>Signals and gaps (PROTOCOL.md section 4): each committed once, whatever is sent again.</summary>
internal sealed class SignalIntake(CoreState core, IncidentDesk desk)
{
    public void Take(GatewayEntry gateway, SignalMessage signal, HubTime now)
    {
        if (gateway.VirtualRefused)
        {
            core.Refuse(gateway, MessageRefusals.VirtualRefused, now);
            return;
        }

        var cursor = core.LaneOf(gateway, signal.Lane, signal.Epoch, now);
        core.Receipts.Add(cursor);
        var conflict = false;
        if (cursor.IsAccounted(signal.Seq))
        {
            switch (core.Store.Find(cursor.Id, signal.Seq, signal.Payload.Span))
            {
                case StoredMatch.SameBytes:
                    gateway.DuplicateCount++;
                    core.Counters.Duplicates.Add(1);
                    return;
                case StoredMatch.OtherBytes:
                    conflict = true;
                    break;
                case StoredMatch.None when core.Store.RemoveMissing(cursor.Id, signal.Seq):
                    // Recorded as missing, and here it is after all [GW-19].
                    gateway.MissingCount--;
                    gateway.Changed = true;
                    NoteFound(gateway, signal, now);
                    break;
            }
        }

        Store(gateway, cursor, signal, conflict, now);
    }

    public void Take(GatewayEntry gateway, GapMessage gap, HubTime now)
    {
        if (gateway.VirtualRefused)
        {
            core.Refuse(gateway, MessageRefusals.VirtualRefused, now);
            return;
        }

        var cursor = core.LaneOf(gateway, gap.Lane, gap.Epoch, now);
        core.Receipts.Add(cursor);
        core.Heard(gateway, now, mayRestore: false);
        core.GiveUp(gateway, cursor, new SeqRange(gap.First, gap.Last), "gap", now);
        BoundHoles(gateway, cursor, now);
    }

    private void BoundHoles(GatewayEntry gateway, LaneCursor cursor, HubTime now)
    {
        if (gateway.HasLeft(cursor))
        {
            core.GiveUpHoles(gateway, cursor, now);
        }
        else if (cursor.HoleToGiveUp is { } hole)
        {
            core.GiveUp(gateway, cursor, hole, "bound", now);
        }
    }

    private void Store(GatewayEntry gateway, LaneCursor cursor, SignalMessage signal, bool conflict, HubTime now)
    {
        core.Heard(gateway, now, mayRestore: false);

        // Boot 3 of an earlier life is not boot 3 of this one: neither tells when the other was.
        var isOfThisLife = !gateway.HasLeft(cursor);
        if (isOfThisLife)
        {
            Learn(gateway, signal.Time, now);
        }

        var isRunningBoot = isOfThisLife && gateway.Session?.Birth.Time.Boot == signal.Time.Boot;
        var occurrence = Occurrence.Place(signal.Time, isOfThisLife ? gateway.BootStart(signal.Time.Boot) : null, isRunningBoot, now.Utc);
        var unknown = SignalWords.UnknownReason(signal, core.Stations.All.FindBoard(gateway.Device));
        var id = core.Store.AppendSignal(new SignalRow(cursor.Id, signal.Seq, now.Utc, occurrence, signal.Test, conflict, unknown is not null, signal.Payload));
        if (!conflict)
        {
            cursor.Commit(signal.Seq);
            core.ChangedCursors.Add(cursor);
            BoundHoles(gateway, cursor, now);
        }

        gateway.SignalCount++;
        core.Counters.Signals.Add(1);
        var facts = new SignalFacts(
            new SignalIdentity(gateway.Device, LaneNames.Of(signal.Lane), signal.Epoch, signal.Seq), signal.Kind, signal.Zone, signal.State, signal.Call,
            signal.Count, signal.Value, signal.Detail, occurrence.At, now.Utc, occurrence.Late, signal.Test, conflict);
        if (conflict)
        {
            NoteConflict(gateway, facts, now);
        }

        if (signal.Test)
        {
            core.Effects.Changes.Add(new HubChange(HubChangeKind.Signal, id.ToString(), 0, core.Stations.OfDevice(gateway.Device).Id));
        }

        desk.Take(facts, id, cursor.Id, now);
        if (facts.Kind == SignalKinds.Patrol)
        {
            core.Work.CheckIn(facts, now);
        }
        else if (facts.Kind == SignalKinds.Acknowledge)
        {
            desk.KeyTurned(facts, now);
        }

        if (unknown is not null && SignalWords.MayBeToldRefused(signal.Kind))
        {
            core.DownlinkTo(gateway)?.Notice(signal.Lane, signal.Epoch, signal.Seq, "refused", reason: unknown);
        }
    }

    private void NoteConflict(GatewayEntry gateway, SignalFacts facts, HubTime now)
    {
        gateway.ConflictCount++;
        gateway.Changed = true;
        core.Counters.Conflicts.Add(1);
        core.Store.AddDiary(gateway.Device, now.Utc, "conflict", facts.Identity.ToString());
        core.Facts.Note(gateway.Device, FactBook.Conflict, facts.Identity.ToString(), now);
    }

    private void NoteFound(GatewayEntry gateway, SignalMessage signal, HubTime now)
    {
        var text = $"{LaneNames.Of(signal.Lane)} {signal.Epoch:x8}: {signal.Seq} came after all";
        core.Store.AddDiary(gateway.Device, now.Utc, "found", text);
        core.Facts.Note(gateway.Device, FactBook.Found, text, now);
    }

    /// <summary>A signal with a good wall time tells when its boot was, and so places its brothers that have none [GW-25].</summary>
    private void Learn(GatewayEntry gateway, BoardTime time, HubTime now)
    {
        if (gateway.BootStart(time.Boot) is null && Occurrence.Believed(time, now.Utc) is { } at && time.UpMs <= at.ToUnixTimeMilliseconds())
        {
            var start = at.AddMilliseconds(-time.UpMs);
            if (gateway.LearnBoot(time.Boot, start))
            {
                core.Store.SaveBoot(new BootStart(gateway.Device, time.Boot, start));
            }
        }
    }
}
