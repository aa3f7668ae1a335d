using System.Collections.Immutable;

namespace Gateway.Hub.Stations;

/// <summary>
/// How long each step of an incident may take before it is escalated (I9). Set per station; the arrival target per zone class.
/// Seconds unless the name says otherwise; every one 1 s..30 days.
/// </summary>
public sealed record StationTargets
{
    /// <summary>Received -> a person took it.</summary>
    public int AcceptS { get; init; } = 30;

    /// <summary>Taken -> assessed.</summary>
    public int AssessS { get; init; } = 120;

    /// <summary>Assessed -> someone was sent, or it was settled from the command room.</summary>
    public int DispatchS { get; init; } = 120;

    /// <summary>Sent -> on the way.</summary>
    public int GoOutS { get; init; } = 180;

    /// <summary>Sent -> the first able person is there, by zone class (S4: 1, 3, 5 min).</summary>
    public int ArriveCoreS { get; init; } = 60;

    public int ArriveKeyS { get; init; } = 180;

    public int ArriveGeneralS { get; init; } = 300;

    /// <summary>There -> handled.</summary>
    public int HandleS { get; init; } = 4 * 3600;

    /// <summary>Handled -> reported.</summary>
    public int ReportS { get; init; } = 2 * 3600;

    /// <summary>Reported -> followed up, or the follow-up waived.</summary>
    public int FollowUpS { get; init; } = 7 * 24 * 3600;

    /// <summary>Followed up -> closed.</summary>
    public int CloseS { get; init; } = 24 * 3600;

    /// <summary>Cancelled by the presser -> somebody has called back.</summary>
    public int CallBackS { get; init; } = 300;

    /// <summary>From one level of escalation to the next.</summary>
    public int EscalateAgainS { get; init; } = 300;

    /// <summary>A further signal joins the open incident of its call point and kind when the last one is no older than this.</summary>
    public int JoinWindowS { get; init; } = 30 * 60;

    /// <summary>Sent -> they say that they heard it; then the hub turns to the next.</summary>
    public int AnswerS { get; init; } = 90;

    /// <summary>How long a link may be lost before it is an incident. It is shown as lost long before (I11).</summary>
    public int LinkLostS { get; init; } = 60;

    /// <summary>Referred to mediation -> ended with a result.</summary>
    public int MediateS { get; init; } = 7 * 24 * 3600;

    /// <summary>Mediation ended -> followed up.</summary>
    public int MediationFollowUpS { get; init; } = 14 * 24 * 3600;

    /// <summary>Handed to the case team -> taken by them.</summary>
    public int CaseTakeS { get; init; } = 24 * 3600;

    /// <summary>Taken by the case team -> its outcome fed back.</summary>
    public int CaseFeedbackS { get; init; } = 14 * 24 * 3600;

    /// <summary>Follow-up times of single kinds, by the kind's name; the others have <see cref="FollowUpS"/>.</summary>
    public ImmutableDictionary<string, int> FollowUpByKindS { get; init; } = ImmutableDictionary<string, int>.Empty.WithComparers(StringComparer.OrdinalIgnoreCase);

    public int FollowUpSOf(string kind) => FollowUpByKindS.GetValueOrDefault(kind, FollowUpS);

    public int ArriveS(ZoneClass zoneClass) => zoneClass switch
    {
        ZoneClass.Core => ArriveCoreS,
        ZoneClass.Key => ArriveKeyS,
        _ => ArriveGeneralS,
    };
}
