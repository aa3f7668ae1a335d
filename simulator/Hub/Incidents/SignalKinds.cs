namespace Gateway.Hub.Incidents;

/// <summary>The kinds and states of PROTOCOL.md section 4, and what they mean for the workflow.</summary>
public static class SignalKinds
{
    public const string Help = "help";
    public const string Silent = "silent";
    public const string Cancel = "cancel";
    public const string Reset = "reset";
    public const string Fault = "fault";
    public const string Patrol = "patrol";
    public const string Acknowledge = "acknowledge";

    /// <summary>Made by the hub itself: a known board came with a new epoch [GW-23].</summary>
    public const string JournalLost = "journalLost";

    /// <summary>Made by the hub itself: a gateway's link is lost (<c>alarm</c>) or back (<c>normal</c>).</summary>
    public const string LinkLost = "linkLost";

    private const string Alarm = "alarm";
    private const string Normal = "normal";

    /// <summary>What a signal asks of the workflow.</summary>
    public static (SignalMeaning Meaning, IncidentKind Kind) Read(SignalFacts signal) => (signal.Kind, signal.State) switch
    {
        (Help, Alarm) => (SignalMeaning.Alarm, IncidentKind.Help),
        (Silent, Alarm) => (SignalMeaning.Alarm, IncidentKind.Silent),
        (Cancel, Normal) => (SignalMeaning.Cancel, IncidentKind.Help),
        (Reset, Normal) => (SignalMeaning.Reset, IncidentKind.Help),
        ("smoke" or "gas" or "door" or "pen" or "water" or "sensor" or "tamper" or "mains", "open" or "short") => (SignalMeaning.Alarm, IncidentKind.Fault),
        ("smoke", _) => AlarmOrNormal(signal, IncidentKind.Smoke),
        ("gas", _) => AlarmOrNormal(signal, IncidentKind.Gas),
        ("door", _) => AlarmOrNormal(signal, IncidentKind.Door),
        ("pen", _) => AlarmOrNormal(signal, IncidentKind.Pen),
        ("water", _) => AlarmOrNormal(signal, IncidentKind.Water),
        ("sensor", _) => AlarmOrNormal(signal, IncidentKind.Sensor),
        ("tamper", _) => AlarmOrNormal(signal, IncidentKind.Tamper),

        // Zone 0 is the box's own supply, which a grid outage takes from every room at once; the mains of a zone is that of one pump or freezer.
        ("mains", _) when signal.Zone != 0 => AlarmOrNormal(signal, IncidentKind.Sensor),
        ("mains", _) => AlarmOrNormal(signal, IncidentKind.Mains),
        ("battery", "low" or "critical") => (SignalMeaning.Alarm, IncidentKind.Battery),
        ("battery", Normal) => (SignalMeaning.Normal, IncidentKind.Battery),
        (Fault, _) => AlarmOrNormal(signal, IncidentKind.Fault),
        (JournalLost, _) => AlarmOrNormal(signal, IncidentKind.JournalLost),
        (LinkLost, _) => AlarmOrNormal(signal, IncidentKind.LinkLost),
        (Patrol or Acknowledge or "restart" or "gap", _) => (SignalMeaning.Fact, IncidentKind.Unknown),
        _ => (SignalMeaning.Alarm, IncidentKind.Unknown),
    };

    /// <summary>One cause may strike every room at once: these make one incident for the whole station, not one per room (I12).</summary>
    public static bool IsGrouped(IncidentKind kind) => kind is IncidentKind.Mains or IncidentKind.LinkLost or IncidentKind.Battery;

    /// <summary>A person may be in danger: on top of every list.</summary>
    public static bool IsLife(IncidentKind kind) => kind is IncidentKind.Help or IncidentKind.Silent or IncidentKind.Smoke or IncidentKind.Gas;

    /// <summary>About the equipment, not about the people.</summary>
    public static bool IsTechnical(IncidentKind kind) =>
        kind is IncidentKind.Mains or IncidentKind.Battery or IncidentKind.Fault or IncidentKind.JournalLost or IncidentKind.LinkLost or IncidentKind.Tamper;

    private static (SignalMeaning Meaning, IncidentKind Kind) AlarmOrNormal(SignalFacts signal, IncidentKind kind) => signal.State switch
    {
        Alarm => (SignalMeaning.Alarm, kind),
        Normal => (SignalMeaning.Normal, kind),
        _ => (SignalMeaning.Alarm, IncidentKind.Unknown),
    };
}

public enum SignalMeaning
{
    /// <summary>Needs a human.</summary>
    Alarm,

    /// <summary>An alarm is over.</summary>
    Normal,

    /// <summary>A person reset the latch.</summary>
    Reset,

    /// <summary>The presser takes the call back.</summary>
    Cancel,

    /// <summary>Worth keeping; needs nobody.</summary>
    Fact,
}
