using Gateway.Hub.Delivery;
using Gateway.Hub.Fleet;

namespace Gateway.Hub.Ingest;

/// <summary>Births, wills, heartbeats, results and reported configurations (PROTOCOL.md sections 5, 6, 9, 10).</summary>
internal sealed class SessionIntake(CoreState core, IncidentDesk desk)
{
    public void Take(GatewayEntry gateway, BirthMessage birth, HubTime now)
    {
        var newest = gateway.NewestBirth;
        if (birth.Hub != core.Identity.Hub)
        {
            core.Refuse(gateway, MessageRefusals.WrongHub, now);
            return;
        }

        if (gateway.Remembers(birth))
        {
            // The newest birth again [GW-13]: a redelivery is answered again. It proves no presence, so it restores no link and starts no session anew.
            if (gateway.Session?.Id == birth.Session)
            {
                Answer(gateway, now);
            }

            return;
        }

        if (newest is not null && !IsFresh(gateway, birth, newest))
        {
            core.Refuse(gateway, MessageRefusals.Replayed, now);
            return;
        }

        if (birth.Virtual && !core.AllowVirtualBoards)
        {
            core.Refuse(gateway, MessageRefusals.VirtualRefused, now);
            core.Effects.Disconnects.Add((gateway.Device, "a virtual board at a production hub"));
            gateway.VirtualRefused = true;
            gateway.Changed = true;
            return;
        }

        Believe(gateway, birth, newest, now);
        Answer(gateway, now);
    }

    public void Take(GatewayEntry gateway, OfflineMessage offline, HubTime now)
    {
        if (gateway.Session is not { } session || offline.Session != session.Birth.Will)
        {
            RefuseStale(gateway, now);
            return;
        }

        if (gateway.Link == LinkState.Up)
        {
            core.SetLink(gateway, LinkState.Lost, now, "offline");
        }
    }

    public void Take(GatewayEntry gateway, HeartbeatMessage heartbeat, HubTime now)
    {
        if (FreshSession(gateway, heartbeat.Session, heartbeat.N, static s => s.HeartbeatN, now) is not { } session)
        {
            return;
        }

        // A session is drawn in RAM and ends with its boot: this board does not know which boot it is in, and must not count as present under another [GW-12].
        if (heartbeat.Time.Boot != session.Birth.Time.Boot)
        {
            core.Refuse(gateway, MessageRefusals.StaleSession, now);
            return;
        }

        session.HeartbeatN = heartbeat.N;
        gateway.Pulse.Beat(heartbeat, now.Utc);
        gateway.Beaten = true;
        core.Heard(gateway, now, mayRestore: true);
        CloseHoles(gateway, session, [Lane.Call, Lane.Volatile], heartbeat.CallBacklog, now);
        CloseHoles(gateway, session, [Lane.Event], heartbeat.EventBacklog, now);
        if (heartbeat.CallBacklog == 0)
        {
            desk.NothingWaits(gateway.Device);
        }
    }

    public void Take(GatewayEntry gateway, ResultMessage result, HubTime now)
    {
        if (FreshSession(gateway, result.Session, result.N, static s => s.ResultN, now) is not { } session)
        {
            return;
        }

        session.ResultN = result.N;
        core.Heard(gateway, now, mayRestore: false);
        core.Store.SaveCommandResult(gateway.Device, result.Id, result.Result, result.Reason, now.Utc);
        core.Store.AddDiary(gateway.Device, now.Utc, "result", $"{result.Id}: {result.Result}{(result.Reason.Length > 0 ? $" ({result.Reason})" : "")}");
        desk.Answered(gateway.Device, result.Id, result.Result, result.Reason, now);
        gateway.Changed = true;
    }

    public void Take(GatewayEntry gateway, ConfigReportedMessage report, HubTime now)
    {
        if (gateway.Session?.Id != report.Session)
        {
            RefuseStale(gateway, now);
            return;
        }

        var said = (report.Version, report.State, report.Reason);
        var isNews = (gateway.ReportedVersion, gateway.ConfigState, gateway.ConfigReason) != said;
        (gateway.ReportedVersion, gateway.ConfigState, gateway.ConfigReason) = said;
        gateway.Changed = true;

        // With its settings, for the page: a technician may have changed some at the box, under the same version.
        core.Store.SaveConfigReported(gateway.Device, report.Version, report.State, report.Reason, report.Payload);
        if (report.InForce != gateway.ConfigVersion)
        {
            gateway.ConfigVersion = report.InForce;
            core.Store.SaveConfigInForce(gateway.Device, report.InForce);
        }

        if (gateway.Desired is { } asked && core.Devices.KeyOf(gateway.Device) is { } key)
        {
            var isOther = report.Version == asked.Version && IsOther(gateway, report.Sum, Compose(asked));
            if (isOther || report.Version > asked.Version)
            {
                RaiseDesired(gateway, now, isOther);
                gateway.DesiredAgainMs = now.MonotonicMs;
                core.Effects.Messages.Add(Compose(gateway.Desired));
            }

            OutgoingMessage Compose(DesiredConfiguration desired) => ConfigurationPayload.Of(gateway.Device, core.Identity.HubText, desired, key);
        }

        if (!isNews)
        {
            return;
        }

        core.Store.AddDiary(gateway.Device, now.Utc, "config", $"version {report.Version}: {report.State}{(report.Reason.Length > 0 ? $" ({report.Reason})" : "")}");
    }

    private void Believe(GatewayEntry gateway, BirthMessage birth, BirthMessage? newest, HubTime now)
    {
        if (newest is not null && birth.Call.Epoch != newest.Call.Epoch && (birth.Event.Epoch != newest.Event.Epoch || birth.Time.Boot <= newest.Time.Boot))
        {
            // With its flash it lost its count of boots: boot 3 of this life is not boot 3 of the last, even where boots that nobody heard of lie between.
            gateway.ForgetBoots();
            core.Store.ForgetBoots(gateway.Device);
        }

        gateway.Remember(birth, core.Words);
        gateway.Session = new BoardSession(gateway.NewestBirth!, now.MonotonicMs);
        gateway.VirtualRefused = false;
        if (gateway.ConfigVersion != birth.Config)
        {
            gateway.ConfigVersion = birth.Config;
            core.Store.SaveConfigInForce(gateway.Device, birth.Config);
        }

        gateway.Changed = true;
        core.Store.SaveBirth(gateway.Device, birth.Payload, now.Utc);
        core.Store.AddDiary(gateway.Device, now.Utc, "birth", $"boot {birth.Time.Boot} ({birth.Restart}), firmware {birth.Firmware}");
        core.Heard(gateway, now, mayRestore: true);

        // A birth arrives as it is sent: its boot began `up` before now, by the board's clock if that is good, else by ours.
        var sentAt = OccurrenceClock(birth.Time, now);
        if (birth.Time.UpMs <= (sentAt - DateTimeOffset.UnixEpoch).TotalMilliseconds)
        {
            var start = sentAt.AddMilliseconds(-birth.Time.UpMs);
            if (gateway.LearnBoot(birth.Time.Boot, start))
            {
                core.Store.SaveBoot(new BootStart(gateway.Device, birth.Time.Boot, start));
            }
        }

        TakeLane(gateway, Lane.Call, birth.Call, newest?.Call.Epoch, now);
        TakeLane(gateway, Lane.Event, birth.Event, newest?.Event.Epoch, now);
        if (birth.VolatileOldest > 1)
        {
            // A volatile lane is stored with its first signal; this one had some, and a hub that was restored from a backup may know of none.
            GiveUpBelow(gateway, core.LaneOf(gateway, Lane.Volatile, birth.VolatileEpoch, now), birth.VolatileOldest, now);
        }
    }

    private static DateTimeOffset OccurrenceClock(BoardTime time, HubTime now) => Occurrence.Believed(time, now.Utc) ?? now.Utc;

    private void TakeLane(GatewayEntry gateway, Lane lane, BirthLane stated, uint? epochBefore, HubTime now)
    {
        var cursor = core.LaneOf(gateway, lane, stated.Epoch, now);
        if (epochBefore is { } before && before != stated.Epoch)
        {
            // [GW-23]: the journal of that lane was lost. What the hub has, it keeps.
            var text = $"{LaneNames.Of(lane)}: epoch {before:x8} became {stated.Epoch:x8}";
            core.Store.AddDiary(gateway.Device, now.Utc, "journalLost", text);
            core.Facts.Note(gateway.Device, FactBook.JournalLost, text, now);
            desk.OpenJournalLost(gateway, cursor, now);
            if (gateway.LaneOf(lane, before) is { } left)
            {
                core.GiveUpHoles(gateway, left, now);
            }
        }

        GiveUpBelow(gateway, cursor, stated.Oldest, now);
    }

    /// <summary>[GW-19]: what the board will not send any more, and was never seen here.</summary>
    private void GiveUpBelow(GatewayEntry gateway, LaneCursor cursor, uint oldest, HubTime now)
    {
        if (oldest > 1)
        {
            core.GiveUp(gateway, cursor, new SeqRange(1, oldest - 1), "oldest", now);
        }
    }

    private void Answer(GatewayEntry gateway, HubTime now)
    {
        var session = gateway.Session!;
        foreach (var lane in (ReadOnlySpan<Lane>)[Lane.Call, Lane.Event, Lane.Volatile])
        {
            // A volatile lane is stored with its first signal: it has a new epoch at each boot, and most boots never use it.
            var epoch = session.EpochOf(lane);
            core.Receipts.Add(gateway.LaneOf(lane, epoch) ?? new LaneCursor(0, gateway.Device, lane, epoch));
        }

        desk.NoticesAfterBirth(gateway.Device);

        RaiseDesired(gateway, now);

        // Retained, so a board that has just subscribed has it already from the hub's own endpoint; a broker that was emptied meanwhile gets it again here.
        if (gateway is { Desired: { } desired, Progress: ConfigurationProgress.Pending } && core.Devices.KeyOf(gateway.Device) is { } key)
        {
            gateway.DesiredAgainMs = now.MonotonicMs;
            core.Effects.Messages.Add(ConfigurationPayload.Of(gateway.Device, core.Identity.HubText, desired, key));
        }
    }

    /// <summary>
    /// The board speaks of another configuration under the number of the one that the hub asks for [GW-41]: this hub was restored from a backup of before, and was asked
    /// for this one before the board came back. It would refuse this one, and what it reports would be taken for this one's.
    /// </summary>
    private static bool IsOther(GatewayEntry gateway, uint? reported, OutgoingMessage asked) =>
        reported is { } sum && sum != ConfigurationPayload.SumOf(asked) && gateway.Raises < GatewayEntry.RaisesMax;

    /// <summary>
    /// A board that has a newer version than the hub asks for would refuse it for ever [GW-41]: this hub was restored from a backup of before, or the board served
    /// elsewhere. What the hub asks for holds: it is asked for again, above what the board has.
    /// </summary>
    private void RaiseDesired(GatewayEntry gateway, HubTime now, bool isOther = false)
    {
        var newest = Math.Max(gateway.ConfigVersion, gateway.ReportedVersion);
        if (gateway.Desired is not { } desired || newest == int.MaxValue || (isOther ? desired.Version > newest : desired.Version >= newest))
        {
            return;
        }

        gateway.Desired = desired with { Version = newest + 1 };
        gateway.Raises += isOther ? 1 : 0;
        gateway.Changed = true;
        core.Store.SaveDesired(gateway.Device, gateway.Desired);
        core.Store.AddDiary(gateway.Device, now.Utc, "desired", $"version {desired.Version} became {newest + 1}: the board has {newest}");
        core.Store.Audit(now.Utc, "hub", "gateway.configured", $"gateway/{gateway.Device}", $"version {desired.Version} is asked for again as {newest + 1}: the board has {newest}");
    }

    /// <summary>
    /// A hole that the board's own heartbeat proves closed: were a number of the hole still to come, the backlog would count it besides every number above the
    /// hole, committed or given up: it is the distance from the last receipt to the newest number. Happens when this hub was restored from a backup older than
    /// the board's last receipt.
    /// </summary>
    /// <param name="lanes">Those that the backlog counts together: what is in RAM is counted with the calls.</param>
    private void CloseHoles(GatewayEntry gateway, BoardSession session, ReadOnlySpan<Lane> lanes, int backlog, HubTime now)
    {
        foreach (var lane in lanes)
        {
            while (gateway.LaneOf(lane, session.EpochOf(lane)) is { LowestHole: { } hole } cursor && backlog <= AheadCount(gateway, session, lanes))
            {
                core.GiveUp(gateway, cursor, hole, "backlog", now);
                core.Receipts.Add(cursor);
            }
        }
    }

    private static long AheadCount(GatewayEntry gateway, BoardSession session, ReadOnlySpan<Lane> lanes)
    {
        var count = 0L;
        foreach (var lane in lanes)
        {
            count += gateway.LaneOf(lane, session.EpochOf(lane))?.AheadCount ?? 0;
        }

        return count;
    }

    private BoardSession? FreshSession(GatewayEntry gateway, ulong session, long n, Func<BoardSession, long> taken, HubTime now)
    {
        if (gateway.Session is not { } current || current.Id != session)
        {
            RefuseStale(gateway, now);
            return null;
        }

        if (n <= taken(current))
        {
            core.Refuse(gateway, MessageRefusals.Replayed, now);
            return null;
        }

        return current;
    }

    /// <summary>
    /// A session that is not the newest birth's. While this run of the hub has had no birth at all, it is the hub that forgot: counted, and no fact for the audit,
    /// or each start behind a broker would write one for every board.
    /// </summary>
    private void RefuseStale(GatewayEntry gateway, HubTime now)
    {
        if (gateway.Session is null)
        {
            core.Counters.Refuse(gateway.Device, MessageRefusals.StaleSession);
            return;
        }

        core.Refuse(gateway, MessageRefusals.StaleSession, now);
    }

    /// <summary>
    /// [GW-13]. A board never goes back to a call epoch that it left, and boots are counted anew in a new one: so a birth of an epoch known before the newest
    /// birth's is a replay, however high its count of boots. Lanes are numbered as they become known; one known since the newest birth came by a signal.
    /// </summary>
    private static bool IsFresh(GatewayEntry gateway, BirthMessage birth, BirthMessage newest) =>
        birth.Call.Epoch == newest.Call.Epoch
            ? IsAfter(birth.Time, newest.Time)
            : gateway.LaneOf(Lane.Call, birth.Call.Epoch) is not { } lane || lane.Id > gateway.LaneOf(Lane.Call, newest.Call.Epoch)!.Id;

    private static bool IsAfter(BoardTime time, BoardTime other) => time.Boot > other.Boot || (time.Boot == other.Boot && time.UpMs > other.UpMs);
}
