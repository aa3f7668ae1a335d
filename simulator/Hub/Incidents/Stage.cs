namespace Gateway.Hub.Incidents;

/// <summary>Where an incident stands: 接警, 研判, 派警, 出警, 到场, 处置, 反馈, 回访, 办结. The order is that of the work.</summary>
public enum Stage
{
    Received,
    Assessed,
    Dispatched,
    EnRoute,
    OnScene,
    Handled,
    Reported,
    FollowedUp,
    Closed,
}

/// <summary>What an incident is about. Mirrors the kinds of signals (PROTOCOL.md section 4), and what the hub itself finds.</summary>
public enum IncidentKind
{
    /// <summary>A kind, state or zone that this hub does not know [GW-24]: shown to a person, never dropped.</summary>
    Unknown,
    Help,
    Silent,
    Smoke,
    Gas,
    Door,
    Pen,
    Water,
    Tamper,
    Mains,
    Battery,
    Fault,

    /// <summary>A board came back with a new epoch: its journal is gone [GW-23].</summary>
    JournalLost,

    /// <summary>A gateway's link has been lost for long; opened by the hub, not by a signal.</summary>
    LinkLost,

    /// <summary>Any other contact of a zone: its name in the station file says what it watches.</summary>
    Sensor,
}

/// <summary>What the incident turned out to be. A false alarm is a disposition, not a deletion.</summary>
public enum Disposition
{
    Helped,
    Mediated,
    CaseOpened,
    FalseAlarm,
    CancelledByPresser,
    NothingFound,
    TechnicalFixed,
}

/// <summary>What the call-back to a presser who cancelled gave.</summary>
public enum CallBackResult
{
    /// <summary>Spoken to the presser, who is well.</summary>
    PresserSafe,

    /// <summary>Spoken to, and help is needed after all: the call is no longer downgraded.</summary>
    HelpNeeded,

    /// <summary>Nobody answered: the call-back stays due.</summary>
    NoAnswer,
}

/// <summary>Who is told of an overdue step: 督办 goes upward.</summary>
public enum EscalationLevel
{
    None,
    ShiftLeader,
    BannerSupervisor,
}

/// <summary>The clocks of I9.</summary>
public enum ClockName
{
    Accept,
    Assess,
    Dispatch,
    GoOut,
    Arrive,
    Handle,
    Report,
    FollowUp,
    Close,
    CallBack,

    /// <summary>Sent -> they say that they heard it. Not handed upward: the hub turns to the next.</summary>
    Answer,

    /// <summary>Referred to mediation -> ended with a result.</summary>
    Mediate,

    /// <summary>Mediation ended -> followed up.</summary>
    MediationFollowUp,

    /// <summary>Handed to the case team -> taken by them.</summary>
    CaseTake,

    /// <summary>Taken by the case team -> its outcome fed back.</summary>
    CaseFeedback,
}
