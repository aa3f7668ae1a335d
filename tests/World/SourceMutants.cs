namespace Gateway.World.Tests;

/// <summary>One defect as a patch of the sources: <paramref name="Sound"/> stands exactly once in the file, and <paramref name="Faulty"/> in its place.</summary>
/// <param name="File">From the root of the repository.</param>
public sealed record SourceMutant(string Name, string File, string Sound, string Faulty);

/// <summary>Defects in the sources of hub, ingest, endpoint, workflow and firmware, one line each: what somebody could really break.</summary>
internal static class SourceMutants
{
    private const string Ingest = "simulator/Hub/Ingest/";
    private const string Incidents = "simulator/Hub/Incidents/";

    public static readonly SourceMutant[] All =
    [
        new("a receipt is one too high", "simulator/Hub/Delivery/Downlink.cs", "\"through\", cursor.Through)", "\"through\", cursor.Through + 1)"),
        new("a duplicate is known by its bytes alone", Ingest + "SignalIntake.cs", "if (cursor.IsAccounted(signal.Seq))", "if (cursor.Through > uint.MaxValue)"),
        new("a gap is told to nobody", Ingest + "SignalIntake.cs", "core.GiveUp(gateway, cursor, new SeqRange(gap.First, gap.Last), \"gap\", now);", "cursor.Account(new SeqRange(gap.First, gap.Last));"),
        new("a birth's oldest is ignored", Ingest + "SessionIntake.cs", "if (stated.Oldest > 1)", "if (stated.Oldest > int.MaxValue)"),
        new("a will of an old session marks the new one offline", Ingest + "SessionIntake.cs", "|| offline.Session != session.Birth.Will", ""),
        new("an old birth is believed", Ingest + "SessionIntake.cs", "if (newest is not null && !IsFresh(gateway, birth, newest))", "if (newest is null && !IsFresh(gateway, birth, birth))"),
        new("a PUBACK and a receipt leave before the commit", "simulator/Hub/HubBatch.cs", "        core.EndBatch(now());\n", "        core.EndBatch(now());\n        foreach (var input in batch)\n        {\n            input.Receipt?.Accept();\n        }\n\n        sink.Tell(core);\n"),
        new("timers start anew with the hub", Ingest + "IncidentTimers.cs", "(left < whole ? left : whole).TotalMilliseconds", "whole.TotalMilliseconds"),
        new("a clock goes by the hub's wall time", Ingest + "IncidentTimers.cs", "dueMs <= now.MonotonicMs)", "next.Timer.DueAt <= now.Utc)"),
        new("timers are forgotten when an incident changes", Ingest + "IncidentTimers.cs", "after.Add(clock.Clock, same);\n                continue;", "continue;"),
        new("after a restart a call opens a new incident", Ingest + "OpenIncidents.cs", "        foreach (var incident in incidents)\n        {\n            Keep(incident);\n        }", "        foreach (var incident in incidents)\n        {\n            All = All.SetItem(incident.Id, incident);\n        }"),
        new("a cancel closes the incident", Incidents + "IncidentEvolution.cs", "WasCancelled = true, CallBackDueSince = incident.CallBackDueSince ?? cancelled.At,", "WasCancelled = true, Stage = Stage.Closed,"),
        new("an incident closes without a report", Incidents + "IncidentRules.cs", "            _ => Decision.Refuse(RefusalNames.NoReport, \"There is no report yet.\"),", "            _ => Decision.Of(new IncidentEvent.Closed(context.Now, context.Actor)),"),
        new("a caller who took the call back is not called back", Incidents + "IncidentRules.cs", "if (incident.CallBackDueSince is not null)\n        {\n            return Decision.Refuse(RefusalNames.NoCallBack", "if (incident.CallBackDueSince is not null && incident.Id < 0)\n        {\n            return Decision.Refuse(RefusalNames.NoCallBack"),
        new("an overdue step does not escalate", Incidents + "IncidentRules.cs", "due.DueAt > context.Now", "due.DueAt.AddMinutes(1) > context.Now"),
        new("a silent call gets notices", Incidents + "PresserView.cs", "if (incident.IsSilent || incident.Calls.IsEmpty)", "if (incident.Calls.IsEmpty)"),
        new("a silent press sounds the buzzer", "firmware/CallDesk.cs", "            if (slot == _help)\n            {\n                _view.Begin(", "            {\n                _view.Begin("),
        new("the latch is lost with a reboot", "firmware/CallDesk.cs", "if (_journal.Help.Call != 0)\n            {\n                _view", "_journal.Help.Clear();\n            if (_journal.Help.Call != 0)\n            {\n                _view"),
        new("a repeated press is dropped when the call ends", "firmware/CallDesk.cs", "slot.SentMs = nowMs - RepeatMs;\n            SendRepeat(slot, nowMs);", "slot.RepeatWaits = false;"),
        new("nothing is sent again", "firmware/Delivery/Outbox.cs", "if (_inFlightCount > 0 && nowMs - _progressMs >= ResendMs)\n            {\n                Restart();", "if (_inFlightCount > WindowMax)\n            {\n                Restart();"),
        new("a damaged record is passed over in silence", "firmware/Delivery/Outbox.cs", "SignalPayload.WriteGap(_writer, _topic, _source.Id, _source.Epoch, next, last);\n            return true;", "_sent = last;\n            return WriteNext(out last);"),

        // What somebody from outside would plant.
        new("a press must be four times as long", "firmware/Inputs/DebouncedInput.cs", "return nowMs - _sinceMs >= (level ? _onMs : _offMs) &&", "return nowMs - _sinceMs >= (level ? 4 * _onMs : _offMs) &&"),
        new("the latch is not followed", "firmware/Journal/SignalJournal.cs", "                _state.Follow(record);\n", ""),
        new("the wait between tries is never short again", "firmware/Delivery/Backoff.cs", "        public void Succeeded()\n        {\n            _delayMs = FirstMs;", "        public void Succeeded()\n        {\n            _delayMs = _delayMs < MaxMs ? _delayMs : MaxMs;"),
        new("a call waits like any other for the next try", "firmware/Delivery/Backoff.cs", "int limit = callWaits ? MaxWithCallMs : MaxMs;", "int limit = callWaits ? MaxMs * 2 : MaxMs;"),
        new("a receipt moves the other lane", "firmware/Delivery/Inbox.cs", "_journal.Acknowledge(lane == LaneId.Call ? _journal.Calls : _journal.Events,", "_journal.Acknowledge(lane == LaneId.Event ? _journal.Calls : _journal.Events,"),
        new("a fault of a silent call shows on the lamp", "firmware/Inputs/InputPanel.cs", "IsStuck(_silent, nowMs), true, nowMs);", "IsStuck(_silent, nowMs), false, nowMs);"),
        new("a PUBACK names another packet", "simulator/Mqtt/Sessions/BrokerMessages.cs", "Packet.PubAck(publish.Id)", "Packet.PubAck((ushort)(publish.Id + 1))"),
        new("a will is not told", "simulator/Mqtt/Sessions/Broker.cs", "            PublishWill(connection, former);", "            connection.Will = null;"),
        new("a taken-over connection stays open", "simulator/Mqtt/Sessions/Broker.cs", "            End(former, clean: false, \"taken over by a new connection\", nowMs); // [MQTT-3.1.4-2]\n", ""),
        new("what is missing is not recorded", Ingest + "CoreState.cs", "            Store.AddMissing(cursor.Id, part, now.Utc, cause);\n", ""),
        new("any key will do", Ingest + "MessageKey.cs", "CryptographicOperations.FixedTimeEquals(claimed, actual) && wellFormed", "wellFormed"),
        new("the shift leader is left out", Incidents + "IncidentClocks.cs", "deadline, deadline, EscalationLevel.ShiftLeader)", "deadline, deadline, EscalationLevel.BannerSupervisor)"),
        new("an escalation goes no further", Incidents + "IncidentClocks.cs", "(highest.AcknowledgedAt ?? highest.At).AddSeconds(targets.EscalateAgainS), EscalationLevel.BannerSupervisor)", "DateTimeOffset.MaxValue, EscalationLevel.None)"),
        new("nobody waits for an answer", Incidents + "IncidentClocks.cs", "if (asked is { } since)", "if (asked is { } since && incident.Id < 0)"),
        new("who does not answer is not replaced", Incidents + "ReachDecisions.cs", "return command.NextId is { } next && ", "return command.NextId is { Length: 0 } next && "),
        new("after a merge the first room hears no more", Incidents + "PresserView.cs", "var work = incident.IsOpen && mergedInto is { IsSilent: false } ? mergedInto : incident;", "var work = incident;"),
        new("a duplicate of the newest number is taken again", Ingest + "LaneCursor.cs", "public bool IsAccounted(uint seq) => seq <= Through ||", "public bool IsAccounted(uint seq) => seq < Through ||"),
        new("after a reconnect only what is new is sent", "firmware/Delivery/Outbox.cs", "_sent = _source.Acknowledged;\n            _inFlightCount = 0;", "_sent = _source.Next - 1;\n            _inFlightCount = 0;"),
        new("notices are numbered anew each time", "simulator/Hub/Delivery/Downlink.cs", "++session.NoticeN);", "1);"),
        new("the newest record on flash is passed over at a boot", "firmware/Journal/Lane.cs", "if (end > _next)", "if (end > _next + 1)"),
        new("a link is watched for twice as long", Ingest + "GatewayEntry.cs", "SupervisionWindowMs => 18_000 +", "SupervisionWindowMs => 36_000 +"),
        new("a further press weighs nothing", Incidents + "IncidentEvolution.cs", "added = isKnown ? Math.Max(0, call.Count - known.Count) : added;", "added = isKnown ? 0 : added;"),
        new("a follow-up has no deadline", Incidents + "IncidentClocks.cs", "ClockName.FollowUp => targets.FollowUpSOf(incident.Kind.ToString()),", "ClockName.FollowUp => int.MaxValue,"),
        new("a dead connection is kept while a call waits", "firmware/Delivery/HubLink.cs", "return nowMs - _answeredMs >= SilenceMsMax;", "return nowMs - _answeredMs >= 40 * SilenceMsMax;"),
        new("a test press sends people", Incidents + "SignalRouting.cs", "if (signal.Test)\n        {\n            return SignalRoute.Test;", "if (signal.Test && newIncidentId < 0)\n        {\n            return SignalRoute.Test;"),
        new("what is normal again is told to the target of the duplicate", Incidents + "SignalRouting.cs", "new SignalRoute(RouteKind.Join, restored.Id, new IncidentCommand.RestoreBySignal(signal))", "Join(restored, open, new IncidentCommand.RestoreBySignal(signal))"),
        new("a birth states the oldest record that is held", "firmware/Delivery/Uplink.cs", "_journal.Calls.FirstToSend", "_journal.Calls.Oldest"),
        new("a cancel asks for no call-back", Incidents + "IncidentEvolution.cs", "WasCancelled = true, CallBackDueSince = incident.CallBackDueSince ?? cancelled.At,", "WasCancelled = true,"),
        new("a trial of settings never ends", "firmware/Configuration/ConfigurationDesk.cs", "if (isUndelivered || nowMs >= _deadlineMs)", "if (isUndelivered && nowMs < 0)"),
        new("a lost link is in no incident", Ingest + "LinkAlarms.cs", "desk.TakeHubFact(FactsOf(gateway, \"alarm\", now), now);", "gateway.LinkAlarmed = true;"),

        // What a stranger would plant who has not read the rules.
        new("a pulse that came while the core stood still is no press", "firmware/Inputs/DebouncedInput.cs", "|| wasStalled;", ";"),
        new("a cancel stays at the board", "firmware/CallDesk.cs", "_hurry = true;\n            _writer.Keep(_help, false, nowMs);\n            _help.Finish();", "_hurry = true;\n            _help.Finish();"),
        new("a real press on a test call is a repeat of it", "firmware/CallDesk.cs", "!slot.IsFinished && slot.IsTest == test)", "!slot.IsFinished)"),
        new("the numbers of heartbeats do not rise", "firmware/Delivery/Session.cs", "HeartbeatN++;", ""),
        new("the call cursor is saved as that of the events", "firmware/Journal/SignalJournal.cs", "_state.CallAcknowledged = _calls.Acknowledged;", "_state.CallAcknowledged = _events.Acknowledged;"),
        new("a configuration that was taken back is tried again", "firmware/Configuration/ConfigurationStore.cs", "back.Judged = Current.Judged;\n            back.Sum = Current.Sum;\n", ""),
        new("the hub's command ends whichever call is latched", "firmware/CallDesk.cs", "return seq != 0\n                && seq == slot.Latch.Call", "return seq != 0\n                && slot.Latch.Call != 0"),
        new("keep-alive is ten times as long", "simulator/Mqtt/Sessions/Broker.cs", "packet.KeepAliveSeconds * 1_500;", "packet.KeepAliveSeconds * 15_000;"),
        new("what the hub refused is acknowledged", "simulator/Mqtt/Sessions/BrokerMessages.cs", "            if (!next.IsAccepted)\n            {\n                // The owner", "            if (next.Qos > 1 && !next.IsAccepted)\n            {\n                // The owner"),
        new("the second of two equal messages is dropped", "simulator/Mqtt/Sessions/BrokerMessages.cs", "        HandOver(connection, session, message, packet.Id, isWill: false);", "        if (packet.Id % 16 == 15)\n        {\n            session.Send(Packet.PubAck(packet.Id));\n            return;\n        }\n        HandOver(connection, session, message, packet.Id, isWill: false);"),
        new("a boot began when its birth came", Ingest + "SessionIntake.cs", "var start = sentAt.AddMilliseconds(-birth.Time.UpMs);", "var start = sentAt;"),
        new("after a birth the button hears no notice", Ingest + "IncidentNotices.cs", "foreach (var call in incident.Calls.Where(call => _bornInBatch.Contains(call.FirstPress.Device)))", "foreach (var call in incident.Calls.Where(call => incident.Id < 0))"),
        new("what the clock does is not in the audit", Ingest + "IncidentDesk.cs", "_core.Store.Audit(happened.At, happened.Actor, $\"incident.{type}\", $\"incident/{id}\", json);", "if (actor != ClockActor)\n            {\n                _core.Store.Audit(happened.At, happened.Actor, $\"incident.{type}\", $\"incident/{id}\", json);\n            }"),
        new("lateness is a matter of minutes", Ingest + "OccurrenceTime.cs", "public const int LateAfterMs = 20_000;", "public const int LateAfterMs = 1_200_000;"),
        new("a new call stays cancelled", Incidents + "IncidentEvolution.cs", "            RestoredAt = null,\n            CancelledAt = null,\n        };", "            RestoredAt = null,\n        };"),
        new("a press after the work drowns in the old incident", Incidents + "SignalRouting.cs", "(incident.Stage >= Stage.Handled && !(signal", "(incident.Stage >= Stage.Closed && !(signal"),
        new("what is being worked on stands above what waits", Incidents + "Urgency.cs", ".OrderBy(incident => IsWaiting(incident) ? 0 : IsPaperwork(incident) ? 2 : 1)", ".OrderBy(incident => IsPaperwork(incident) ? 2 : 1)"),
        new("the arrival's clock begins anew when somebody goes out", Incidents + "IncidentClocks.cs", "            case Stage.EnRoute:\n                yield return (ClockName.Arrive, FirstDispatch(incident));", "            case Stage.EnRoute:\n                yield return (ClockName.Arrive, incident.StageSince);"),
        new("whoever was called off is still on the way", Incidents + "IncidentEvolution.cs", "WithAssignment(incident, released.ResponderId, assignment => assignment with { ReleasedAt = happened.At }),", "incident,"),

        // Planted by somebody who had read the promises and not the oracle, and lines that the world has since.
        new("a take-over swallows the will of the former", "simulator/Mqtt/Sessions/Broker.cs", "            End(former, clean: false, \"taken over by a new connection\", nowMs); // [MQTT-3.1.4-2]", "            former.Will = null;\n            End(former, clean: false, \"taken over by a new connection\", nowMs); // [MQTT-3.1.4-2]"),
        new("a publish that the owner refuses leaves the connection open", "simulator/Mqtt/Sessions/BrokerMessages.cs", "                End(connection, clean: false, next.RefusedReason ?? \"publish refused\", connection.LastPacketMs);\n", ""),
        new("a publish of QoS 0 is no sign of life", "simulator/Mqtt/Sessions/Broker.cs", "            return; // [MQTT-3.1.4-5]\n        connection.LastPacketMs = nowMs;", "            return; // [MQTT-3.1.4-5]\n        if (packet.Type != PacketType.Publish || packet.Message.Qos > 0)\n            connection.LastPacketMs = nowMs;"),
        new("a session that ended stays in the topic tree", "simulator/Mqtt/Sessions/BrokerSessions.cs", "        foreach (TopicNode node in session.Subscriptions)\n            TopicTree.Remove(node, session);\n", ""),
        new("the keep-alive is kept in 16 bits", "simulator/Mqtt/Sessions/Broker.cs", "connection.SilenceLimitMs = packet.KeepAliveSeconds * 1_500;", "connection.SilenceLimitMs = (ushort)(packet.KeepAliveSeconds * 1_500);"),
        new("a topic node with children counts as empty", "simulator/Mqtt/Sessions/TopicNode.cs", "    public bool IsEmpty => Only is null && Many is null or { Count: 0 } && children is null or Dictionary<string, TopicNode> { Count: 0 };", "    public bool IsEmpty => Only is null && Many is null or { Count: 0 };"),
        new("the second subscriber of a topic takes the place of the first", "simulator/Mqtt/Sessions/TopicNode.cs", "        if (Only is { } first)\n            Many[first] = OnlyQos;\n", ""),
        new("a silent call is no matter of life", Incidents + "SignalKinds.cs", "kind is IncidentKind.Help or IncidentKind.Silent or IncidentKind.Smoke", "kind is IncidentKind.Help or IncidentKind.Smoke"),
        new("smoke travels with the doors", "firmware/Configuration/ZoneSettings.cs", "IsLife = Kind == SignalKind.Smoke || Kind == SignalKind.Gas;", "IsLife = Kind == SignalKind.Gas;"),
        new("a cut wire is at rest", "firmware/Inputs/ZoneSource.cs", "case LoopBand.Open: return SignalState.Open;", "case LoopBand.Open: return SignalState.Normal;"),
        new("an alarm must last for twenty seconds", "firmware/Inputs/ZonePanel.cs", "public const int HoldMs = 200;", "public const int HoldMs = 20000;"),
        new("a contact that opens is at rest", "firmware/Inputs/ZoneSource.cs", "case LoopBand.Normal: return SignalState.Normal;", "case LoopBand.AlarmHigh:\n                case LoopBand.Normal: return SignalState.Normal;"),
        new("the end of an alarm is not told", "firmware/Inputs/Zone.cs", "            if (state == _told && !missedAlarm && !isReal)\n", "            if ((state == _told || state == SignalState.Normal) && !missedAlarm && !isReal)\n"),
        new("smoke opens no incident", Incidents + "SignalKinds.cs", "(\"smoke\", _) => AlarmOrNormal(signal, IncidentKind.Smoke),", "(\"smoke\", _) => (SignalMeaning.Fact, IncidentKind.Smoke),"),
        new("repeats are limited from the first press, not the last sending", "firmware/CallDesk.cs", "            slot.SentMs = nowMs;\n            _writer.Fill(slot, slot.Kind, SignalState.Alarm, SignalDetail.None, slot.RepeatPressedMs, nowMs);", "            _writer.Fill(slot, slot.Kind, SignalState.Alarm, SignalDetail.None, slot.RepeatPressedMs, nowMs);"),
        new("the count of a silent call is not taken over at a boot", "firmware/CallDesk.cs", "            _silent.Count = _journal.Silent.Count;\n", ""),
        new("a board that does not come back after a restart is not missed", Ingest + "HubCore.cs", "var expects = gateway.Link == LinkState.Up || (gateway.Link == LinkState.Awaited && gateway.NewestBirth is not null);", "var expects = gateway.Link == LinkState.Up;"),
    ];
}
