using System.Collections.Immutable;
using Gateway.World.Kernel;

namespace Gateway.World.Faults;

/// <summary>Whom a kind of fault strikes, and so whose mean time it has.</summary>
public enum FaultTarget
{
    /// <summary>Each board by itself.</summary>
    Board,

    /// <summary>The one hub, or many boards at once.</summary>
    World,
}

/// <summary>A kind of fault and how often it strikes in the profile "usual"; in "storm" ten times as often, or as the kind says.</summary>
/// <param name="Name">As in the counts and in `--without`.</param>
/// <param name="MeanUs">Mean time between two strikes on one target.</param>
public sealed record FaultKind(string Name, FaultTarget Target, long MeanUs)
{
    /// <summary>How much more often faults strike in a storm.</summary>
    public int StormFactor { get; init; } = 10;

    /// <summary>What people do at a box, and what makes work for the whole station: rare where nothing storms.</summary>
    private const int RareInUsual = 90;

    public const string PathSilent = "path silent";
    public const string HalfOpen = "path half-open";
    public const string CableOut = "cable out";
    public const string CaptivePortal = "captive portal";
    public const string AddressDead = "address of the hub dead";
    public const string LossyLink = "lossy link";
    public const string LossBurst = "loss burst";
    public const string SlowLink = "slow link";
    public const string Doubled = "publishes doubled";
    public const string OldAgain = "old publishes again";
    public const string BeatAgain = "old heartbeat again";
    public const string BirthAgain = "old birth again";
    public const string Forgotten = "connection forgotten";
    public const string Forged = "forged message";
    public const string Cloned = "cloned flash";
    public const string ReceiptLost = "receipt lost";
    public const string WordLost = "connection breaks at a word";
    public const string ForgedDown = "forged or old message to a board";
    public const string MainsAway = "mains away at a board";
    public const string PowerCut = "power cut";
    public const string CutInFlash = "power cut in flash";
    public const string BrownOut = "brown-out";
    public const string CrashLoop = "crash loop";
    public const string Stall = "core stalled";
    public const string FlashFails = "flash write fails";
    public const string FlashRefuses = "flash refuses for a while";
    public const string CancelRefused = "flash refuses a cancel";
    public const string BitFlip = "flash bit flipped";
    public const string FlashReplaced = "flash replaced";
    public const string ClockJump = "board clock jumps";
    public const string SntpLate = "sntp late";
    public const string Commanded = "command to a board";
    public const string CommandHeld = "command held on the way";
    public const string Configured = "configuration of a board";
    public const string CallInRam = "call in RAM";
    public const string BoxCalled = "box is called";
    public const string Dropped = "notices dropped";
    public const string TestAtBox = "test at a box";
    public const string Partition = "partition";
    public const string GridOutage = "grid outage";
    public const string NobodyHears = "nobody hears the consoles";
    public const string DutyChanges = "duty changes";
    public const string Stranger = "stranger at the endpoint";
    public const string HubKilled = "hub killed";
    public const string HubPower = "hub loses power";
    public const string SlowDisk = "slow disk";
    public const string WireBroken = "wire broken";
    public const string DiskFull = "disk full";
    public const string HubClockJump = "hub clock jumps";
    public const string OldClock = "hub starts with an old clock";
    public const string Restored = "hub restored from a backup";

    public static readonly ImmutableArray<FaultKind> All =
    [
        new(PathSilent, FaultTarget.Board, 8 * VirtualTime.Hour),
        new(HalfOpen, FaultTarget.Board, 12 * VirtualTime.Hour),
        new(CableOut, FaultTarget.Board, 18 * VirtualTime.Hour),
        new(CaptivePortal, FaultTarget.Board, 40 * VirtualTime.Hour),
        new(LossyLink, FaultTarget.Board, 12 * VirtualTime.Hour),
        new(LossBurst, FaultTarget.Board, 8 * VirtualTime.Hour),
        new(SlowLink, FaultTarget.Board, 24 * VirtualTime.Hour),
        new(Doubled, FaultTarget.Board, 24 * VirtualTime.Hour),
        new(OldAgain, FaultTarget.Board, 24 * VirtualTime.Hour),
        new(BeatAgain, FaultTarget.Board, VirtualTime.Day),
        new(BirthAgain, FaultTarget.Board, VirtualTime.Day),
        new(Forgotten, FaultTarget.Board, 12 * VirtualTime.Hour),
        new(Forged, FaultTarget.Board, VirtualTime.Day),
        new(Cloned, FaultTarget.Board, VirtualTime.Day),
        new(ReceiptLost, FaultTarget.Board, VirtualTime.Day),
        new(WordLost, FaultTarget.Board, 18 * VirtualTime.Hour),
        new(ForgedDown, FaultTarget.Board, 8 * VirtualTime.Hour),
        new(MainsAway, FaultTarget.Board, VirtualTime.Day),
        new(PowerCut, FaultTarget.Board, 12 * VirtualTime.Hour),
        new(CutInFlash, FaultTarget.Board, 8 * VirtualTime.Hour),
        new(BrownOut, FaultTarget.Board, 2 * VirtualTime.Day),
        new(CrashLoop, FaultTarget.Board, 10 * VirtualTime.Day),
        new(Stall, FaultTarget.Board, 12 * VirtualTime.Hour),
        new(FlashFails, FaultTarget.Board, VirtualTime.Day),
        new(FlashRefuses, FaultTarget.Board, 4 * VirtualTime.Day),
        new(CancelRefused, FaultTarget.Board, 9 * VirtualTime.Day) { StormFactor = RareInUsual },
        new(BitFlip, FaultTarget.Board, 4 * VirtualTime.Day),
        new(FlashReplaced, FaultTarget.Board, 12 * VirtualTime.Day),
        new(ClockJump, FaultTarget.Board, 2 * VirtualTime.Day),
        new(SntpLate, FaultTarget.Board, 3 * VirtualTime.Day),
        new(WireBroken, FaultTarget.Board, 8 * VirtualTime.Hour),
        new(Commanded, FaultTarget.Board, 12 * VirtualTime.Hour),
        new(Configured, FaultTarget.Board, 2 * VirtualTime.Day),
        new(CallInRam, FaultTarget.Board, 3 * VirtualTime.Day) { StormFactor = RareInUsual },
        new(BoxCalled, FaultTarget.Board, 108 * VirtualTime.Hour) { StormFactor = RareInUsual },
        new(Dropped, FaultTarget.Board, 108 * VirtualTime.Hour) { StormFactor = RareInUsual },
        new(TestAtBox, FaultTarget.Board, 108 * VirtualTime.Hour) { StormFactor = RareInUsual },
        new(AddressDead, FaultTarget.Board, 18 * VirtualTime.Hour),
        new(CommandHeld, FaultTarget.Board, 18 * VirtualTime.Hour),
        new(Partition, FaultTarget.World, 2 * VirtualTime.Day),
        new(GridOutage, FaultTarget.World, 3 * VirtualTime.Day),
        new(NobodyHears, FaultTarget.World, 12 * VirtualTime.Hour),
        new(DutyChanges, FaultTarget.World, 3 * VirtualTime.Hour),
        new(Stranger, FaultTarget.World, 3 * VirtualTime.Hour),
        new(HubKilled, FaultTarget.World, 8 * VirtualTime.Hour),
        new(HubPower, FaultTarget.World, 4 * VirtualTime.Day),
        new(SlowDisk, FaultTarget.World, 12 * VirtualTime.Hour),
        new(DiskFull, FaultTarget.World, 36 * VirtualTime.Hour),
        new(HubClockJump, FaultTarget.World, VirtualTime.Day),
        new(OldClock, FaultTarget.World, 6 * VirtualTime.Day),
        new(Restored, FaultTarget.World, 6 * VirtualTime.Day),
    ];
}
