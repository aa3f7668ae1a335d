namespace Gateway.Hub.Incidents;

/// <summary>The names under which the incident rules refuse. Part of the API: never renamed.</summary>
public static class RefusalNames
{
    public const string NoIncident = "no-incident";
    public const string AlreadyOpen = "already-open";
    public const string Closed = "closed";
    public const string IsMerged = "is-merged";
    public const string OutOfBounds = "out-of-bounds";
    public const string TextMissing = "text-missing";
    public const string NotAccepted = "not-accepted";
    public const string AlreadyAccepted = "already-accepted";
    public const string NotAssessed = "not-assessed";
    public const string AlreadyHandled = "already-handled";
    public const string ChangedMeanwhile = "changed-meanwhile";
    public const string UnknownResponder = "unknown-responder";
    public const string AlreadySent = "already-sent";
    public const string NotSent = "not-sent";
    public const string AlreadyAnswered = "already-answered";
    public const string AlreadyEnRoute = "already-en-route";
    public const string AlreadyOnScene = "already-on-scene";
    public const string NobodyThere = "nobody-there";
    public const string NothingToUndo = "nothing-to-undo";
    public const string NotHandled = "not-handled";
    public const string AlreadyReported = "already-reported";
    public const string NotCancelled = "not-cancelled";
    public const string NoReport = "no-report";
    public const string NoFollowUp = "no-follow-up";
    public const string AlreadyFollowedUp = "already-followed-up";
    public const string NoCallBack = "no-call-back";
    public const string NoCallBackDue = "no-call-back-due";
    public const string AlreadyHandedOver = "already-handed-over";
    public const string BadMerge = "bad-merge";
    public const string NotMerged = "not-merged";
    public const string TargetOpen = "target-open";
    public const string RespondersOut = "responders-out";
    public const string NotDue = "not-due";
    public const string NothingEscalated = "nothing-escalated";
    public const string BadSplit = "bad-split";
    public const string UnknownJointResponse = "unknown-joint-response";
    public const string MediationOpen = "mediation-open";
    public const string NoMediation = "no-mediation";
    public const string MediationEnded = "mediation-ended";
    public const string MediationNotEnded = "mediation-not-ended";
    public const string NotHandedOver = "not-handed-over";
    public const string CaseOpen = "case-open";
    public const string CaseTaken = "case-taken";
    public const string CaseNotTaken = "case-not-taken";
    public const string AlreadyFedBack = "already-fed-back";
}
