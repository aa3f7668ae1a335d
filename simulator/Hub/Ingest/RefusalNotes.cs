namespace Gateway.Hub.Ingest;

/// <summary>
/// Takes what was refused since the last look into the gateways' diaries and into the audit. The gate refuses on the connections' threads, where nothing may be
/// written and nothing may wait; so the writer's clock looks at the counters four times a second.
/// </summary>
internal sealed class RefusalNotes(CoreState core)
{
    /// <summary>Between two lines of a diary about refusals: a flood of forgeries must not become a flood of writing.</summary>
    private const int DiaryEveryMs = 60_000;

    /// <summary>What the gate and the endpoint refuse as forged or foreign. The rest of what they refuse is bad input: on the page and the metrics, and no fact about anybody.</summary>
    private static readonly string[] Facts = [MessageRefusals.BadMac, MessageRefusals.UnknownTopic, MessageRefusals.UnknownDevice, MessageRefusals.BadCredentials];

    private readonly Dictionary<(string Device, string Name), long> _noted = [];
    private long _unknownNoted;
    private int _left;

    /// <summary>Begins a look: first at the devices that the hub does not know, who are counted together.</summary>
    public void Begin(HubTime now)
    {
        _left = FactBook.EntriesPerTickMax;
        var refused = core.Counters.RefusedCount(IngestCounters.UnknownDevices);
        if (refused != _unknownNoted)
        {
            _unknownNoted = refused;
            NoteFacts(IngestCounters.UnknownDevices, now);
        }
    }

    /// <summary>Looks at one gateway, of which so many messages were refused since the start of the hub.</summary>
    public void Look(GatewayEntry gateway, long refused, HubTime now)
    {
        if (refused != gateway.RefusedInAudit && _left > 0)
        {
            _left--;
            gateway.RefusedInAudit = refused;
            NoteFacts(gateway.Device, now);
        }

        if (refused != gateway.RefusedInDiary && !(now.MonotonicMs - gateway.DiaryRefusedMs < DiaryEveryMs))
        {
            gateway.RefusedInDiary = refused;
            gateway.DiaryRefusedMs = now.MonotonicMs;
            var names = core.Counters.RefusalsOf(gateway.Device).Select(refusal => $"{refusal.Key} {refusal.Value}");
            core.Store.AddDiary(gateway.Device, now.Utc, "refused", $"since the start of the hub: {string.Join(", ", names)}");
        }
    }

    private void NoteFacts(string device, HubTime now)
    {
        foreach (var name in Facts)
        {
            var count = core.Counters.RefusedCount(device, name);
            var more = count - _noted.GetValueOrDefault((device, name));
            if (more > 0)
            {
                _noted[(device, name)] = count;
                core.NoteRefused(device, name, more, now);
            }
        }
    }
}
