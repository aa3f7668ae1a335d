namespace Gateway.World.Tests;

/// <summary>
/// Defects planted by two people who knew the invariants, PROTOCOL.md and the sources, and had not read the oracle; those of them that it finds, as far as they are
/// not among <see cref="SourceMutants"/>. Those that it does not find are named in simulator/World/PROOF.md.
/// </summary>
internal static class StrangersMutants
{
    private const string Ingest = "simulator/Hub/Ingest/";
    private const string Incidents = "simulator/Hub/Incidents/";
    private const string Storage = "simulator/Hub/Storage/";
    private const string Broker = "simulator/Mqtt/Sessions/";

    public static readonly SourceMutant[] All =
    [
        new("a new call on a finished latch does not begin anew at the button", "firmware/CallDesk.cs", "            if (slot == _help)\n            {\n                _view.Begin(", "            if (slot == _help && !_view.IsLatched)\n            {\n                _view.Begin("),
        new("an outbox that starts again keeps its window", "firmware/Delivery/Outbox.cs", "            _sent = _source.Acknowledged;\n            _inFlightCount = 0;", "            _sent = _source.Acknowledged;"),
        new("a cancel that the journal refuses keeps its number in the volatile lane", "firmware/CallWriter.cs", "                    Record.Call = 0;", "                    Record.Detail = Record.Detail;"),
        new("replay follows the latch from one record too late", "firmware/Journal/JournalRecovery.cs", "lane == _calls && seq >= latchFrom", "lane == _calls && seq > latchFrom"),
        new("a new session goes on with the old number of notices", "firmware/Delivery/Session.cs", "            _noticeN = 0;\n", ""),
        new("a removed connection leaves a wrong place behind", "simulator/Mqtt/Sessions/Broker.cs", "        last.Index = connection.Index;\n", ""),
        new("a duplicate owes no receipt", "simulator/Hub/Ingest/SignalIntake.cs", "        core.Receipts.Add(cursor);\n        var conflict = false;", "        if (!cursor.IsAccounted(signal.Seq))\n        {\n            core.Receipts.Add(cursor);\n        }\n\n        var conflict = false;"),
        new("a will is compared with the newest session, not with the will of its birth", "simulator/Hub/Ingest/SessionIntake.cs", "offline.Session != session.Birth.Will", "offline.Session != session.Id"),
        new("what has no time is never late", "simulator/Hub/Ingest/OccurrenceTime.cs", "return new(null, OccurrenceQuality.Unknown, !isRunningBoot);", "return new(null, OccurrenceQuality.Unknown, false);"),
        new("a birth is answered for two lanes only", "simulator/Hub/Ingest/SessionIntake.cs", "[Lane.Call, Lane.Event, Lane.Volatile]", "[Lane.Call, Lane.Event]"),
        new("a follow-up that met nobody is one", "simulator/Hub/Incidents/IncidentEvolution.cs", "        Stage = followedUp.Result == Incidents.FollowUpResult.NotMet ? incident.Stage : Stage.FollowedUp,", "        Stage = Stage.FollowedUp,"),
        new("a call-back without answer is one", "simulator/Hub/Incidents/IncidentEvolution.cs", "        CallBackResult.NoAnswer => incident,\n        CallBackResult.PresserSafe =>", "        CallBackResult.NoAnswer or CallBackResult.PresserSafe =>"),
        new("a call-back is due only when all calls were taken back", "simulator/Hub/Incidents/IncidentEvolution.cs", "CallBackDueSince = incident.CallBackDueSince ?? cancelled.At,", "CallBackDueSince = incident.CallBackDueSince ?? (calls.All(static call => call.Cancelled) ? cancelled.At : null),"),
        new("the escalation of a step that ended is kept", "simulator/Hub/Incidents/IncidentEvolution.cs", "        return next.Escalations.IsEmpty ? next : next with { Escalations = OfRunningClocks(next) };", "        return next;"),
        new("the clock of the arrival begins when somebody goes out", "simulator/Hub/Incidents/IncidentClocks.cs", "            case Stage.EnRoute:\n                yield return (ClockName.Arrive, FirstDispatch(incident));", "            case Stage.EnRoute:\n                yield return (ClockName.Arrive, incident.StageSince);"),
        new("with nobody out any more the stage stays", "simulator/Hub/Incidents/IncidentEvolution.cs", "            : Stage.Assessed;\n        return incident with { Stage = stage };", "            : incident.Stage;\n        return incident with { Stage = stage };"),
        new("a taken back call is told so only when all are", "simulator/Hub/Incidents/PresserView.cs", "(incident.CancelledAt is not null || call is { Cancelled: true })", "incident.CancelledAt is not null"),
        new("a new call begins with the notice of the last one", "firmware/Feedback/CallView.cs", "            IsReceived = false;\n            _noticed = CallStage.Idle;\n            _pressedMs = pressedMs;", "            IsReceived = false;\n            _pressedMs = pressedMs;"),
        new("other settings bring no new birth", "firmware/Delivery/HubLink.cs", "            else if (_session.IsBorn)\n            {\n                _rebirthMs = nowMs;", "            else if (_session.IsBorn)\n            {\n                _rebirthMs = long.MaxValue;"),
        new("the time for sending again is counted from the last receipt", "firmware/Delivery/Outbox.cs", "                if (_inFlightCount == 0)\n                {\n                    _progressMs = nowMs;\n                }\n\n", ""),
        new("the age of the backlog goes on when its oldest was receipted", "firmware/Delivery/BacklogAge.cs", "if (!_waits || acknowledged != _acknowledged)", "if (!_waits)"),
        new("the button does not know the word closed", "firmware/Delivery/Inbox.cs", "stage <= CallStage.Closed; stage++", "stage < CallStage.Closed; stage++"),
        new("the state is decoded from the file that was read last", "firmware/Journal/StateFile.cs", "            Generation(_newestIsA ? NameA : NameB);\n            Decode(state);", "            Decode(state);"),
        new("settings that are taken back stay in force until the next boot", "firmware/Configuration/ConfigurationDesk.cs", "            _retryMs = 0;\n            PutIntoForce(settings);\n            Tell(version", "            _retryMs = 0;\n            Tell(version"),
        new("a call in RAM is shown like one on flash", "firmware/Feedback/Panel.cs", "return call.IsDurable || stage >= CallStage.Received", "return call.IsLatched || stage >= CallStage.Received"),
        new("of two branches of the topic tree both are removed", Broker + "TopicNode.cs", "children = rest.Length == 1 ? rest[0] : rest;", "children = rest.Length == 1 ? null : rest;"),
        new("what was acknowledged stays in flight", Broker + "Session.cs", "        inFlight.Remove(id);\n        if (inFlight.Count == 0)", "        if (inFlight.Count == 0)"),
        new("whoever matched before matches again", Broker + "TopicTree.cs", "        matches.Clear();\n        matchNumber++;", "        matchNumber++;"),
        new("after the first filter nothing retained is delivered", Broker + "BrokerMessages.cs", "if (codes[i] != SubscribeFailure && !DeliverRetained(session, requests[i].Filter, codes[i]))", "if (codes[i] != SubscribeFailure && DeliverRetained(session, requests[i].Filter, codes[i]))"),
        new("an idle look drops the publishes that wait for their answer", Broker + "ServerConnection.cs", "        if (Unanswered is { Count: 0 })\n            Unanswered = null;", "        if (Unanswered is not null)\n            Unanswered = null;"),
        new("the board's clock is estimated in seconds", Ingest + "GatewayEntry.cs", "Birth.Time.UpMs + nowMs - monotonicMs;", "Birth.Time.UpMs + ((nowMs - monotonicMs) / 1_000);"),
        new("a checkpoint knows nothing of the lanes that only signals moved", Ingest + "SignalIntake.cs", "            cursor.Commit(signal.Seq);\n            core.ChangedCursors.Add(cursor);", "            cursor.Commit(signal.Seq);"),
        new("what was given up is waited for again after a restart", Storage + "LaneCursors.cs", "                known.Cursor.Account(range);", "                _ = range;"),
        new("after a restart each hole counts one number too few", Storage + "GatewayTables.cs", "(SELECT coalesce(sum(last - first + 1), 0) FROM missing m", "(SELECT coalesce(sum(last - first), 0) FROM missing m"),
        new("what a board is to be set to is not stored", Ingest + "FleetDesk.cs", "        core.Store.SaveDesired(device, desired);\n", ""),
        new("a link that came back is not alarmed again", Ingest + "LinkAlarms.cs", "            gateway.LinkAlarmed = false;\n            desk.TakeHubFact", "            desk.TakeHubFact"),
        new("a result without a reason is refused", Ingest + "MessageGate.cs", "var result = Results[reader.OneOf(\"result\"u8, Results)];\n        var reason = Encoding.ASCII.GetString(reader.Text(\"reason\"u8, 0, 32));", "var result = Results[reader.OneOf(\"result\"u8, Results)];\n        var reason = Encoding.ASCII.GetString(reader.Text(\"reason\"u8, 1, 32));"),
        new("the starts of boots are not read at the hub's start", Ingest + "HubCore.cs", "                gateway.LearnBoot(boot.Boot, boot.StartedAt);", "                _ = boot;"),
        new("an estimated time is shown as a good one", Ingest + "OccurrenceTime.cs", "time.Clock == BoardClock.Synced ? OccurrenceQuality.Synced : OccurrenceQuality.Estimated", "time.Clock != BoardClock.None ? OccurrenceQuality.Synced : OccurrenceQuality.Estimated"),
        new("a second cancel begins the call-back's clock anew", Incidents + "IncidentEvolution.cs", "CallBackDueSince = incident.CallBackDueSince ?? cancelled.At,", "CallBackDueSince = cancelled.At,"),
        new("a step that was acknowledged goes up as if nobody had", Incidents + "IncidentClocks.cs", "(highest.AcknowledgedAt ?? highest.At).AddSeconds", "highest.At.AddSeconds"),
        new("the time of the arrival runs since somebody who was called off was sent", Incidents + "IncidentClocks.cs", "incident.Assignments.Where(assignment => assignment.IsActive).Select(assignment => assignment.DispatchedAt).DefaultIfEmpty", "incident.Assignments.Select(assignment => assignment.DispatchedAt).DefaultIfEmpty"),
        new("a step that begins anew after an unmerge counts from before", Incidents + "IncidentEvolution.cs", "if (next.Stage != incident.Stage || next.MergedInto != incident.MergedInto)", "if (next.Stage != incident.Stage)"),
        new("an incident for which people are on the way is merged", Incidents + "MergeDecisions.cs", "if (incident.Assignments.Any(assignment => assignment.IsActive))", "if (incident.Assignments.Any(assignment => assignment is { IsActive: true, OnSceneAt: not null }))"),
        new("a mediation without its follow-up keeps nothing open", Incidents + "SideLoopDecisions.cs", "{ Mediation: { IsOpen: true } mediation } =>", "{ Mediation: { EndedAt: null } mediation } =>"),
        new("a follow-up is waived without a reason", Incidents + "CommandBounds.cs", "Name(\"supervisor\", waive.Supervisor) ?? Text(\"reason\", waive.Reason)", "Name(\"supervisor\", waive.Supervisor) ?? Length(\"reason\", waive.Reason, IncidentCommand.TextMaxChars)"),
        new("to a silent call the clock sends whoever is free", "simulator/Hub/Dispatch/AlertPlan.cs", "?? (incident.IsSilent ? null : free.FirstOrDefault());", "?? free.FirstOrDefault();"),
        new("an unmerged incident keeps the clock of a duplicate", Incidents + "IncidentEvolution.cs", "incident with { MergedInto = null, MergedAt = null }", "incident with { MergedInto = null }"),
        new("a gap owes no receipt", Ingest + "SignalIntake.cs", "        core.Receipts.Add(cursor);\n        core.Heard(gateway, now, mayRestore: false);\n        core.GiveUp(gateway, cursor, new SeqRange(gap.First", "        core.Heard(gateway, now, mayRestore: false);\n        core.GiveUp(gateway, cursor, new SeqRange(gap.First"),
        new("a single further fact within the hour is not in the chain", Ingest + "FactBook.cs", "if (window!.More > 0)", "if (window!.More > 1)"),
        new("the number of the last heartbeat is not noted", Ingest + "SessionIntake.cs", "        session.HeartbeatN = heartbeat.N;\n", ""),
        new("a birth is fresh if its boot has lasted longer", Ingest + "SessionIntake.cs", "time.Boot > other.Boot || (time.Boot == other.Boot && time.UpMs > other.UpMs)", "time.Boot > other.Boot || time.UpMs > other.UpMs"),
        new("a cancel without number finds the newest call of the box, whatever its zone", Incidents + "SignalRouting.cs", "                : known.FirstPress.Device == signal.Identity.Device && known.Zone == signal.Zone))", "                : known.FirstPress.Device == signal.Identity.Device))"),
        new("a reset of a call in RAM is looked for in the call lane", "firmware/Delivery/Commands.cs", "int lane = json.IsText(\"lane\", \"volatile\") ? Journal.LaneId.Volatile : Journal.LaneId.Call;", "int lane = Journal.LaneId.Call;"),
        new("the key answers an alert that was not heard behind a call", "firmware/Feedback/Panel.cs", "if (_shownStage == CallStage.Idle && nowMs < _watchUntilMs)", "if (nowMs < _watchUntilMs)"),
        new("a late number takes what is behind it out of the missing ones", Storage + "SqliteHubStore.cs", "        if (seq < last)\n", "        else if (seq < last)\n"),
    ];
}
