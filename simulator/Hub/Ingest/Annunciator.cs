using Gateway.Hub.Delivery;
using Gateway.Hub.Dispatch;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Ingest;

/// <summary>
/// The station's own boards that sound for a call which nobody takes. What they should do follows from the open incidents alone, so a restart changes
/// nothing; each command ends by itself, so a hub that dies leaves no board sounding for long.
/// </summary>
internal sealed class Annunciator
{
    /// <summary>How long one command makes a board sound; while it is still needed, the next comes before that.</summary>
    public const int SoundS = 300;

    private const int RenewMs = 240_000;

    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refusing = new(StringComparer.Ordinal);

    /// <summary>Boards that have not been asked for what they should do: they came back, refused it, or hang where a silent call waits.</summary>
    private readonly HashSet<string> _owed = new(StringComparer.Ordinal);
    private int _priority;
    private long _toldMs;

    /// <summary>Sounds while an overdue or unheard call waits for somebody to take it; stops when all are taken.</summary>
    /// <param name="open">Open incidents of the station.</param>
    /// <param name="born">Boards that came back in this batch, and know nothing of before; or that were silenced because no neighbour needs them any more.</param>
    public void EndBatch(Station station, IEnumerable<Incident> open, IReadOnlyCollection<string> born, bool changed, IncidentDesk desk, HubTime now)
    {
        var renew = _priority > 0 && now.MonotonicMs - _toldMs >= RenewMs;
        if (!changed && !renew && born.Count == 0 && _owed.Count == 0)
        {
            // Most batches: no look at all the boards of a large station.
            return;
        }

        var boards = station.Boards.Where(board => board.Annunciator).ToList();
        _owed.UnionWith(boards.Where(board => born.Contains(board.DeviceId)).Select(board => board.DeviceId));
        if (boards.Count == 0 || (!changed && !renew && _owed.Count == 0))
        {
            return;
        }

        // Who comes back may have been set up meanwhile.
        _refusing.ExceptWith(born);
        var waiting = open.Where(Sounds).ToList();
        var wanted = waiting.Count == 0 ? 0 : waiting.Min(incident => Urgency.PriorityOf(incident));
        var all = wanted != _priority || renew;
        var told = boards.Where(board => all || (wanted > 0 && _owed.Contains(board.DeviceId))).ToList();
        _owed.Clear();
        foreach (var board in told)
        {
            // A board that hangs where a silent call was made stays as it is, as long as that call waits (I7).
            if (waiting.Exists(incident => incident.IsSilent && incident.CallPointId == board.CallPointId))
            {
                _owed.Add(board.DeviceId);
            }
            else
            {
                Tell(board.DeviceId, wanted, desk, now);
            }
        }

        _toldMs = all ? now.MonotonicMs : _toldMs;
        _priority = wanted;
    }

    /// <summary>
    /// A board that hangs at the station and was never set up to annunciate refuses that. Every box knows the neighbours' call, so it sounds all the same. False when
    /// the answer is to something else.
    /// </summary>
    public bool Answered(string device, string commandId, string result)
    {
        if (_told.GetValueOrDefault(device) != commandId)
        {
            return false;
        }

        _told.Remove(device);
        if (result == "refused" && _refusing.Add(device))
        {
            _owed.Add(device);
        }

        return true;
    }

    private void Tell(string device, int wanted, IncidentDesk desk, HubTime now)
    {
        var seconds = wanted == 0 ? 0 : SoundS;
        GatewayCommand command = _refusing.Contains(device)
            ? new GatewayCommand.WatchAlert(Math.Max(seconds, AlertPlan.BoxLeftS(desk.Open.Values, device, now.Utc)))
            : new GatewayCommand.Annunciate(seconds, PatternOf(wanted));
        if (desk.SendToBoard(device, command, now) is { } id)
        {
            // One per board: only the newest answer counts.
            _told[device] = id;
        }
    }

    private static bool Sounds(Incident incident) =>
        Urgency.IsWaiting(incident) && incident.Escalations.Any(escalation => escalation.Clock == ClockName.Accept);

    /// <summary>PROTOCOL.md section 9: fast for a life, double for danger, slow for equipment.</summary>
    private static int PatternOf(int priority) => priority switch { 1 => 3, 2 => 4, _ => 2 };
}
