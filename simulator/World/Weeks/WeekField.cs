using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.World.Kernel;

namespace Gateway.World.Weeks;

/// <summary>Those who are sent: most answer, go and arrive; some by the key of their box, some late, some never.</summary>
internal sealed class WeekField(WeekScene scene)
{
    private readonly Dice _dice = new(scene.Seed, "field");
    private readonly HashSet<(long Incident, string Responder, DateTimeOffset At)> _sent = [];

    /// <summary>Whoever was sent since the last look decides what to do.</summary>
    public void Look()
    {
        foreach (var incident in scene.Open)
        {
            foreach (var assignment in incident.Assignments.Where(assignment => assignment.IsActive && _sent.Add((incident.Id, assignment.ResponderId, assignment.DispatchedAt))))
            {
                Hear(incident.Id, assignment.ResponderId, assignment.EtaMin ?? 30);
            }
        }
    }

    private void Hear(long id, string responder, int etaMin)
    {
        if (_dice.OneIn(9))
        {
            // The telephone lies in the other room.
            return;
        }

        var heard = TimeSpan.FromSeconds(5 + _dice.Waiting(40));
        var byKey = _dice.OneIn(4);
        scene.In(heard, () => Answer(id, responder, byKey));
        if (_dice.OneIn(20))
        {
            return;
        }

        var out1 = heard + TimeSpan.FromSeconds(20 + _dice.Waiting(140));
        var there = out1 + TimeSpan.FromMinutes(Math.Max(1, etaMin - 5) + _dice.Waiting(8));
        scene.In(out1, () => Say(id, new IncidentCommand.EnRoute(responder), responder));
        if (!_dice.OneIn(25))
        {
            scene.In(there, () => Say(id, new IncidentCommand.Arrive(responder), responder));
        }
    }

    private void Answer(long id, string responder, bool byKey)
    {
        var box = scene.Find(id)?.Reaches.FirstOrDefault(reach => reach.ResponderId == responder && reach is { Channel: ReachChannel.Box, State: ReachState.Delivered });
        if (byKey && box is not null && scene.Hub.Boards.TryGetValue(box.Detail, out var board) && board.IsLinked && board.Silence())
        {
            scene.Signal(board, board.Board.Zones.FirstOrDefault(zone => zone.Kind == ZoneKind.Box) ?? new Zone(0, ZoneKind.Box, LocalText.Empty, false), SignalKinds.Acknowledge, "normal");
            return;
        }

        Say(id, new IncidentCommand.Answer(responder), responder);
    }

    private void Say(long id, IncidentCommand command, string responder)
    {
        if (scene.Find(id) is not null)
        {
            scene.Do(id, command, "field/" + responder);
        }
    }
}
