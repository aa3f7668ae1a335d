using System.Security.Cryptography;
using Gateway.Hub.Fleet;

namespace Gateway.Hub.Ingest;

/// <summary>The newest birth of a board in this run of the hub, and the numbers that belong to it. In memory only: after a restart a board is asked for a new birth [GW-29].</summary>
internal sealed class BoardSession(BirthMessage birth, long monotonicMs)
{
    public BirthMessage Birth { get; } = birth;

    public ulong Id => Birth.Session;

    /// <summary>The last `n` taken per topic; the next must be above it [GW-12].</summary>
    public long HeartbeatN { get; set; } = -1;

    public long ResultN { get; set; } = -1;

    /// <summary>The last `n` given per topic [GW-11].</summary>
    public long ReceiptN { get; set; }

    public long NoticeN { get; set; }

    public long CommandN { get; set; }

    /// <summary>The board's monotonic clock, estimated: a command expires by it.</summary>
    public long BoardUpMs(long nowMs) => Birth.Time.UpMs + nowMs - monotonicMs;

    public uint EpochOf(Lane lane) => lane switch { Lane.Call => Birth.Call.Epoch, Lane.Event => Birth.Event.Epoch, _ => Birth.VolatileEpoch };
}

/// <summary>All that the core knows of one gateway. It enters itself into <paramref name="changed"/> when its part of the snapshot is out of date.</summary>
internal sealed class GatewayEntry(string device, DateTimeOffset since, List<GatewayEntry> changed)
{
    /// <summary>Boots remembered per gateway; older ones are forgotten, their late records show "time unknown".</summary>
    public const int BootsMax = 64;

    /// <summary>Ascending, and just as long as it is full: nearly all gateways have one or two.</summary>
    private (uint Boot, DateTimeOffset Start)[] _boots = [];
    private LaneCursor[] _lanes = [];
    private byte[] _birthDigest = [];

    public string Device { get; } = device;

    public bool Revoked { get; set; }

    /// <summary>The newest believed birth, without its bytes: ten thousand gateways are held.</summary>
    public BirthMessage? NewestBirth { get; private set; }

    public BoardSession? Session { get; set; }

    /// <summary>Its newest birth said `virtual` and this hub takes none: nothing of it is believed.</summary>
    public bool VirtualRefused { get; set; }

    /// <summary>The lane of this epoch; null for one that nothing is known of. The newest are at the end, and nearly always asked for.</summary>
    public LaneCursor? LaneOf(Lane lane, uint epoch) => Array.FindLast(_lanes, cursor => cursor.Lane == lane && cursor.Epoch == epoch);

    /// <summary>
    /// The board has left this epoch, because the journal of that lane was lost [GW-23]: what it has not said of it by now is gone, and its boots may be those of an earlier life.
    /// Lanes are numbered as they become known; an epoch that no birth has named yet is not left.
    /// </summary>
    public bool HasLeft(LaneCursor cursor)
    {
        if (NewestBirth is not { } birth || cursor.Lane == Lane.Volatile)
        {
            return false;
        }

        // Nearly every signal is of the present epoch, and needs no look at the other lanes.
        var epoch = cursor.Lane == Lane.Call ? birth.Call.Epoch : birth.Event.Epoch;
        return cursor.Epoch != epoch && LaneOf(cursor.Lane, epoch) is { } present && present.Id > cursor.Id;
    }

    /// <summary>A board has two lanes, and one more for each boot in which it said something of no consequence.</summary>
    public void AddLane(LaneCursor cursor) => _lanes = [.. _lanes, cursor];

    public LinkState Link { get; set; }

    public DateTimeOffset LinkSince { get; set; } = since;

    /// <summary>Monotonic ms of the last fresh, authentic message (or of the hub's start).</summary>
    public long HeardMs { get; set; }

    public GatewayPulse Pulse { get; } = new();

    /// <summary>Monotonic ms of the link's last change.</summary>
    public long LostMs { get; set; }

    /// <summary>Its lost link is told already.</summary>
    public bool LinkAlarmed { get; set; }

    public int ConfigVersion { get; set; }

    /// <summary>What the board said of version <see cref="ReportedVersion"/>, and the offending member if it refused.</summary>
    public string? ConfigState { get; set; }

    public int ReportedVersion { get; set; }

    public string ConfigReason { get; set; } = "";

    /// <summary>What the board is to be set to; null when nobody ever asked.</summary>
    public DesiredConfiguration? Desired { get; set; }

    /// <summary>How often in this run of the hub <see cref="Desired"/> was raised because the board had another one of its number, at most <see cref="RaisesMax"/>: a board that tells that wrongly must not raise it for ever.</summary>
    public int Raises { get; set; }

    /// <summary>A restored hub meets two at most: the one that the board had judged, and one that waited there.</summary>
    public const int RaisesMax = 4;

    /// <summary>Monotonic ms at which <see cref="Desired"/> was last said again because nothing came of it.</summary>
    public long DesiredAgainMs { get; set; }

    public long SignalCount { get; set; }

    public long DuplicateCount { get; set; }

    public long ConflictCount { get; set; }

    public long MissingCount { get; set; }

    /// <summary>A board may give up 4 billion numbers with one gap. Beyond this the count says nothing more to anybody; the ranges are in the diary as they were stated.</summary>
    public const long MissingShownMax = 1_000_000;

    /// <summary>Refusals that its diary tells of already, and when it last did.</summary>
    public long RefusedInDiary { get; set; }

    /// <summary>Refusals that the audit was told of, as far as they are facts for it.</summary>
    public long RefusedInAudit { get; set; }

    public long? DiaryRefusedMs { get; set; }

    /// <summary>Sum of the counts in the snapshot: counting alone swaps no snapshot, the next tick does.</summary>
    public long CountsShown { get; set; }

    public long Counts(long refused) => SignalCount + DuplicateCount + refused;

    /// <summary>True when its part of the snapshot is out of date.</summary>
    public bool Changed
    {
        get;
        set
        {
            if (value && !field && !Beaten)
            {
                changed.Add(this);
            }

            field = value;
        }
    }

    /// <summary>True when a heartbeat came: its part of the snapshot is as it was, but who shows it may look again.</summary>
    public bool Beaten
    {
        get;
        set
        {
            if (value && !field && !Changed)
            {
                changed.Add(this);
            }

            field = value;
        }
    }

    /// <summary>
    /// How long nothing may come before the link counts as lost: 18 s at a heartbeat of 5 s, 80 s at 30 s (PROTOCOL.md section 6), in proportion between and beyond.
    /// </summary>
    public long SupervisionWindowMs => 18_000 + ((NewestBirth?.HeartbeatS ?? 5) - 5) * 2_480L;

    public void Remember(BirthMessage birth, SharedWords words)
    {
        _birthDigest = SHA256.HashData(birth.Payload.Span);
        NewestBirth = birth with { Device = Device, Payload = default, Firmware = words.Of(birth.Firmware), Restart = words.Of(birth.Restart) };
    }

    public void ForgetBirth()
    {
        _birthDigest = [];
        NewestBirth = null;
    }

    /// <summary>True for the newest birth itself, byte for byte.</summary>
    public bool Remembers(BirthMessage birth) => NewestBirth is not null && SHA256.HashData(birth.Payload.Span).AsSpan().SequenceEqual(_birthDigest);

    public DateTimeOffset? BootStart(uint boot) => Array.Find(_boots, known => known.Boot == boot) is { Start.Ticks: > 0 } known ? known.Start : null;

    /// <summary>The board counts its boots anew: what was known of their times is of another life.</summary>
    public void ForgetBoots() => _boots = [];

    /// <summary>Another board: what the last one said of its configuration is not true of this one.</summary>
    public void ForgetConfiguration()
    {
        ConfigVersion = ReportedVersion = 0;
        ConfigState = null;
        ConfigReason = "";
    }

    /// <summary>How far <see cref="Desired"/> has come. A report speaks of one version; what a birth has in force is applied, unless it is on trial.</summary>
    public ConfigurationProgress Progress
    {
        get
        {
            if (Desired is not { } desired)
            {
                return ConfigurationProgress.None;
            }

            return ReportedVersion == desired.Version
                ? ConfigState switch
                {
                    "trial" => ConfigurationProgress.Trial,
                    "applied" => ConfigurationProgress.Applied,
                    "rolledBack" => ConfigurationProgress.RolledBack,
                    "refused" => ConfigurationProgress.Refused,
                    _ => ConfigurationProgress.Pending,
                }
                : ConfigVersion == desired.Version ? ConfigurationProgress.Applied : ConfigurationProgress.Pending;
        }
    }

    /// <summary>Remembers when a boot started; false if that was known, or is older than what is remembered.</summary>
    public bool LearnBoot(uint boot, DateTimeOffset start)
    {
        if (BootStart(boot) is not null || (_boots.Length == BootsMax && boot < _boots[0].Boot))
        {
            return false;
        }

        _boots = [.. _boots.Append((Boot: boot, Start: start)).OrderBy(known => known.Boot).TakeLast(BootsMax)];
        return true;
    }

    public GatewayState ToState(long refused) => new(
        Device, Revoked, NewestBirth?.Virtual ?? false, Link, LinkSince, Pulse, NewestBirth?.Firmware, NewestBirth?.Restart, NewestBirth?.Time.Boot ?? 0,
        ConfigVersion, ConfigState, SignalCount, DuplicateCount, ConflictCount, Math.Min(MissingCount, MissingShownMax), refused)
    {
        Desired = Desired,
        Progress = Progress,
        ConfigReason = Progress is ConfigurationProgress.Refused or ConfigurationProgress.RolledBack ? ConfigReason : "",
    };
}
