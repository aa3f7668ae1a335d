using System.Diagnostics;
using Gateway.Firmware.Ports;
using Gateway.Hub.Stations;
using Gateway.VirtualBoard;

namespace Gateway.Cli.Demo;

/// <summary>One virtual board of the demo: a real-time board with its name at the station, and the time its newest press took.</summary>
internal sealed class DemoBoard : IDisposable
{
    private static readonly Dictionary<string, int> InputIds = new(StringComparer.Ordinal)
    {
        ["help"] = InputId.Help,
        ["silent"] = InputId.Silent,
        ["cancel"] = InputId.Cancel,
        ["resetKey"] = InputId.ResetKey,
        ["contact1"] = InputId.Contact1,
        ["contact2"] = InputId.Contact2,
        ["tamper"] = InputId.Tamper,
        ["patrolKey"] = InputId.PatrolKey,
    };

    private static readonly string[] LoopIds = ["loop1", "loop2", "loop3", "loop4", "helpLoop"];

    private static readonly Dictionary<string, int> LampIds = new(StringComparer.Ordinal)
    {
        ["journalled"] = IndicatorId.Journalled,
        ["received"] = IndicatorId.Received,
        ["accepted"] = IndicatorId.Accepted,
        ["onTheWay"] = IndicatorId.OnTheWay,
        ["health"] = IndicatorId.Health,
    };

    /// <summary>As the protocol names a loop's states.</summary>
    public static readonly Dictionary<LoopLevel, string> LevelNames = Enum.GetValues<LoopLevel>().ToDictionary(level => level, level => level.ToString().ToLowerInvariant());

    private readonly RealTimeBoard board;
    private readonly BoardPath path = new();
    private readonly LocalText name;
    private readonly string flashFolder;
    private long pressedAt;
    private double? lastPressToReceivedMs;

    public DemoBoard(string id, LocalText name, string flashFolder)
    {
        Id = id;
        this.name = name;
        this.flashFolder = flashFolder;
        board = new RealTimeBoard(new RealTimeBoardOptions(id, flashFolder) { Route = path.Route });
        board.OutputChanged += OnOutput;
        board.Changed += () => Changed?.Invoke(this);
    }

    /// <summary>Anything visible changed. Called on any thread, the firmware's too: be quick.</summary>
    public event Action<DemoBoard>? Changed;

    public static IReadOnlyCollection<string> InputNames => InputIds.Keys;

    /// <summary>The supervised loops; the last is the line of the help button.</summary>
    public static IReadOnlyList<string> LoopNames => LoopIds;

    public string Id { get; }

    public string NameZh => name.Zh;

    public string NameEn => name.En;

    public string[] LogLines => board.LogLines;

    public void SetPower(bool on)
    {
        if (on)
        {
            board.PowerOn();
        }
        else
        {
            board.PowerOff();
        }
    }

    public void SetNetwork(bool connected)
    {
        if (connected)
        {
            board.PlugNetwork();
        }
        else
        {
            board.UnplugNetwork();
        }
    }

    /// <param name="kind">One of <see cref="BoardPath.KindNames"/>.</param>
    public void SetPath(string kind)
    {
        path.Kind = kind;
        Changed?.Invoke(this);
    }

    /// <summary>Ends the board's connection by a reset, as a router does that starts anew.</summary>
    public void CutConnection() => path.Cut();

    public void SetMains(bool present) => board.SetMains(present);

    /// <param name="input">One of <see cref="InputNames"/>.</param>
    /// <param name="holdMs">After this the opposite follows by itself; null leaves the input as set.</param>
    public void SetInput(string input, bool asserted, int? holdMs)
    {
        var at = asserted && holdMs is { } ms ? board.Press(InputIds[input], ms) : board.SetInput(InputIds[input], asserted);
        if (asserted && InputIds[input] == InputId.Help)
        {
            // A re-press on a call that the hub already has measures nothing: its lamp is lit.
            Interlocked.Exchange(ref pressedAt, board.Output(IndicatorId.Received).On ? 0 : at);
        }
    }

    /// <param name="loop">One of <see cref="LoopNames"/>.</param>
    public void SetLoop(string loop, LoopLevel level) => board.SetLoop(Array.IndexOf(LoopIds, loop), level);

    /// <summary>Types a line at the service header.</summary>
    public void TypeAtService(string line) => board.TypeAtService(line);

    /// <summary>What the board wrote at its service header since this was last asked.</summary>
    public string ReadService() => board.ReadService();

    /// <summary>Powers it up without settings, as it comes from the factory; the journal stays. Returns the file with what it had.</summary>
    public string Blank()
    {
        board.PowerOff();
        var before = BoardFlash.Blank(flashFolder);
        board.PowerOn();
        return before;
    }

    public BoardState State()
    {
        var status = board.Status;
        return new BoardState
        {
            Id = Id,
            Powered = board.IsPowered,
            Connected = board.IsNetworkPlugged,
            Path = path.Kind,
            Mains = board.HasMains,
            Inputs = InputIds.ToDictionary(input => input.Key, input => board.IsAsserted(input.Value)),
            Loops = LoopIds.Select((loop, i) => (loop, i)).ToDictionary(each => each.loop, each => LevelNames[board.Loop(each.i)]),
            Lamps = LampIds.ToDictionary(lamp => lamp.Key, lamp => board.Output(lamp.Value).On),
            Buzzer = board.Output(IndicatorId.Buzzer).On,
            Siren = board.Output(IndicatorId.Siren).On,
            Link = status?.Link switch { LinkState.Up => "up", LinkState.Connecting => "connecting", _ => "down" },
            CallBacklog = (int)(status?.CallBacklog ?? 0),
            EventBacklog = (int)(status?.EventBacklog ?? 0),
            Boot = status?.Boot ?? 0,
            Stage = status?.Stage ?? "off",
            LastPressToReceivedMs = lastPressToReceivedMs,
        };
    }

    public void Dispose()
    {
        board.Dispose();
        path.Dispose();
    }

    private void OnOutput(OutputEdge edge)
    {
        if (edge is { Indicator: IndicatorId.Received, On: true } && Interlocked.Exchange(ref pressedAt, 0) is var pressed && pressed != 0)
        {
            lastPressToReceivedMs = Math.Round(Stopwatch.GetElapsedTime(pressed, edge.Timestamp).TotalMilliseconds, 1);
        }
    }
}
