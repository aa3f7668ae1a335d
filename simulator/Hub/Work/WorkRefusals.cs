namespace Gateway.Hub.Work;

/// <summary>The names under which the rules of the work refuse, besides those of the incidents that mean the same. Part of the API: never renamed.</summary>
public static class WorkRefusals
{
    public const string StationNeeded = "station-needed";
    public const string UnknownStation = "unknown-station";
    public const string NoWork = "no-work";
    public const string WorkClosed = "work-closed";
    public const string WrongKind = "wrong-kind";
    public const string UnknownPlace = "unknown-place";
    public const string UnknownTarget = "unknown-target";
    public const string OutsideShift = "outside-shift";
    public const string ShiftRuns = "shift-runs";
    public const string UnknownRequest = "unknown-request";
    public const string AlreadyDone = "already-done";
    public const string RequestsOpen = "requests-open";
    public const string TooMany = "too-many";
    public const string TasksOpen = "tasks-open";
    public const string DateMissing = "date-missing";
    public const string IncidentOpen = "incident-open";
    public const string AlreadyAsked = "already-asked";
    public const string NotSupervised = "not-supervised";
    public const string NotHandledYet = "not-handled-yet";
    public const string AlreadySupervised = "already-supervised";
    public const string WarningHandled = "warning-handled";
    public const string OwnHandover = "own-handover";
    public const string HandoverOpen = "handover-open";
}
