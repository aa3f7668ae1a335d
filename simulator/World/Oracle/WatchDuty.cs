using Gateway.Hub;
using Gateway.Hub.Incidents;
using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>Who has gone home is not sent by the clock, and not called with the neighbours, until the shift is over (simulator/Hub/README.md).</content>
public sealed partial class Watcher
{
    /// <summary>What is decided by then may have been on its way to a slow disk.</summary>
    private const long DutyKnownUs = 30 * VirtualTime.Second;

    /// <summary>Since when each is known to be off duty; nobody is there of whom that is not sure.</summary>
    private readonly Dictionary<string, long> _offDutyUs = new(StringComparer.Ordinal);

    /// <summary>Those of whom it is not sure that they are there; and who has ever gone, which an older backup may not know the end of.</summary>
    private readonly HashSet<string> _mayBeOff = new(StringComparer.Ordinal);
    private readonly HashSet<string> _everOff = new(StringComparer.Ordinal);

    /// <summary>Somebody says who is on duty: until that is answered, nothing is sure.</summary>
    internal void DutyAsked(string responder, bool isOn)
    {
        _offDutyUs.Remove(responder);
        if (!isOn)
        {
            _mayBeOff.Add(responder);
            _everOff.Add(responder);
        }
    }

    private void ForgetDuty()
    {
        _offDutyUs.Clear();
        _mayBeOff.UnionWith(_everOff);
    }

    internal void DutyAnswered(string responder, bool isOn, CommandOutcome? outcome)
    {
        if (outcome is { Done: true } && !isOn)
        {
            _offDutyUs[responder] = world.Queue.NowUs;
            _mayBeOff.Add(responder);
        }
        else
        {
            _offDutyUs.Remove(responder);
            if (outcome is { Done: true })
            {
                _mayBeOff.Remove(responder);
            }
        }
    }

    /// <summary>Somebody is on duty for sure who was not sent to this.</summary>
    private bool IsSomebodyFree(Incident incident) =>
        world.Hub.Station.Responders.Any(responder => !_mayBeOff.Contains(responder.Id) && incident.Assignments.All(sent => sent.ResponderId != responder.Id));

    /// <summary>The hub has called somebody by itself.</summary>
    private void CheckOnDuty(long incident, IncidentEvent happened)
    {
        var called = happened switch
        {
            IncidentEvent.Dispatched { Actor: "clock" } sent => sent.ResponderIds,
            IncidentEvent.Informed { Why: InformReason.Watch } informed => informed.ResponderIds,
            _ => [],
        };
        foreach (var responder in called)
        {
            Check("on duty");

            // A shift is a day of the station's clock: by a clock that was wrong it may be over.
            if (!world.Hub.WasClockWrong && _offDutyUs.TryGetValue(responder, out var sinceUs) && world.Queue.NowUs - sinceUs > DutyKnownUs && !ShiftEndedSince(sinceUs))
            {
                Fail("I9", null, $"{responder} went off duty at {VirtualTime.Text(sinceUs)}, and the hub has called them for incident {incident}");
            }
        }
    }

    private bool ShiftEndedSince(long sinceUs)
    {
        var shiftMs = world.Hub.Station.UtcOffset.TotalMilliseconds;
        var nowMs = world.UtcMs + shiftMs;
        var sinceMs = nowMs - ((world.Queue.NowUs - sinceUs) / VirtualTime.Ms);
        const double dayMs = 86_400_000;
        return Math.Floor((nowMs + (DutyKnownUs / VirtualTime.Ms)) / dayMs) > Math.Floor(sinceMs / dayMs);
    }
}
