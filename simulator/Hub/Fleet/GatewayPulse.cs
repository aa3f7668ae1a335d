using Gateway.Hub.Ingest;

namespace Gateway.Hub.Fleet;

/// <summary>
/// What every heartbeat says anew, kept in one place and shared by all snapshots of a gateway: ten thousand gateways beat two thousand times a second, and a
/// snapshot per beat would be garbage that lives just long enough to be costly. Written by the hub's writer, read by any thread. Not durable: the next beat says it again.
/// </summary>
public sealed class GatewayPulse
{
    private readonly Lock _gate = new();
    private long _heardTicks;
    private long _beatTicks;
    private bool _mains;
    private int _batteryMv, _heapFree, _callBacklog, _callOldestS, _eventBacklog, _eventOldestS, _overruns, _refused;

    /// <summary>When the last fresh, authentic message came; null for none since the hub started.</summary>
    public DateTimeOffset? HeardAt
    {
        get => Interlocked.Read(ref _heardTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        internal set => Interlocked.Exchange(ref _heardTicks, value?.UtcTicks ?? 0);
    }

    /// <summary>What the newest heartbeat said; null for none since the hub started.</summary>
    public GatewayHealth? Health
    {
        get
        {
            lock (_gate)
            {
                return _beatTicks == 0 ? null : new GatewayHealth(
                    new DateTimeOffset(_beatTicks, TimeSpan.Zero), _mains, _batteryMv, _heapFree, _callBacklog, _callOldestS, _eventBacklog, _eventOldestS, _overruns, _refused);
            }
        }
    }

    internal void Beat(HeartbeatMessage said, DateTimeOffset at)
    {
        lock (_gate)
        {
            _beatTicks = at.UtcTicks;
            _mains = said.Mains;
            (_batteryMv, _heapFree, _overruns, _refused) = (said.BatteryMv, said.HeapFree, said.Overruns, said.Refused);
            (_callBacklog, _callOldestS) = (said.CallBacklog, said.CallOldestS);
            (_eventBacklog, _eventOldestS) = (said.EventBacklog, said.EventOldestS);
        }
    }
}
