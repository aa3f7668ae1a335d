using Stopwatch = System.Diagnostics.Stopwatch;
using System.Globalization;
using System.Text;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.World.Boards;
using Gateway.World.Faults;
using Gateway.World.Hub;
using Gateway.World.Kernel;
using Gateway.World.Oracle;
using Gateway.World.People;

namespace Gateway.World;

/// <summary>
/// The whole system on one virtual clock, in one thread, from one seed: boards, network, hub, people and faults, with an oracle that watches them all.
/// </summary>
public sealed class Simulation
{
    /// <summary>2026-11-22T00:00:00Z, when every world begins.</summary>
    private const long BeginUtcMs = 1_795_305_600_000;

    /// <summary>One board in so many pays for each byte of its line: it beats every 30 s. Where they begin, the seed says.</summary>
    private const long MeteredOneIn = 3;

    /// <summary>One board in so many knows two addresses of the hub.</summary>
    private const long SecondAddressOneIn = 3;

    /// <summary>Events at one moment of time; an outage at two thousand boards makes some ten thousand.</summary>
    private const int EventsAtOnceMax = 1_000_000;

    private const long ThousandthDayUs = VirtualTime.Day / 1_000;

    private readonly Dictionary<string, SimulatedBoard> _byDevice = new(StringComparer.Ordinal);
    private readonly Dictionary<int, SimulatedBoard> _byNumber = [];

    public Simulation(SimulationOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Boards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Boards, SimulationOptions.BoardsMax);
        Options = options;
        Trace = new Trace(Queue, options.TraceTo);
        Oracle = new Watcher(this);
        var hubId = new Dice(options.Seed, "world").Next() | 1;
        var places = new Places(options.Boards, options.Seed);
        Hub = new SimulatedHub(this, new Dice(options.Seed, "hub"), places.Station, hubId);
        Operators = new Operators(this, places.Station);
        Power = new PowerPlug(this);
        using (var store = new SqliteHubStore(Hub.Disk.Database))
        {
            foreach (var number in options.Keep.IsDefaultOrEmpty ? Enumerable.Range(0, options.Boards) : options.Keep)
            {
                Boards.Add(Provision(places.Devices[number], number, hubId, store));
            }

            store.Commit();
        }

        Pressers = new Pressers(this);
        Strangers = new Strangers(this);
        Faults = new FaultSchedule(this);
    }

    public SimulationOptions Options { get; }

    /// <summary>When the faults end and everything heals.</summary>
    public long FaultsEndUs { get; private set; }

    public EventQueue Queue { get; } = new();

    public Trace Trace { get; }

    public Watcher Oracle { get; }

    public Wrappers Wrappers => Options.Wrappers;

    public DeviceRegistry Devices { get; } = new();

    /// <summary>A box whose credentials, which were those of the first, are good no more.</summary>
    public const string StruckOff = "world-struck-off";

    internal Strangers Strangers { get; }

    public SimulatedHub Hub { get; }

    public List<SimulatedBoard> Boards { get; } = [];

    public Operators Operators { get; }

    public Pressers Pressers { get; }

    public FaultSchedule Faults { get; }

    /// <summary>By number, which is not its place in <see cref="Boards"/> when only some are kept.</summary>
    public SimulatedBoard BoardOf(long number) => _byNumber[(int)number];

    /// <summary>Null when the world has no board of that number.</summary>
    public SimulatedBoard? FindBoard(int number) => _byNumber.GetValueOrDefault(number);

    /// <summary>Whoever puts the power back: an actor whose argument is a board's number.</summary>
    public IActor Power { get; }

    /// <summary>True UTC, ms since 1970. Nobody in the world knows it exactly.</summary>
    public long UtcMs => BeginUtcMs + (Queue.NowUs / VirtualTime.Ms);

    public SimulatedBoard? BoardOf(string device) => _byDevice.GetValueOrDefault(device);

    /// <summary>Called now and then while it runs, with the virtual days that are over. What it does changes nothing in the world.</summary>
    public Action<double>? OnProgress { get; init; }

    /// <summary>Runs to the end, or to the first violation. Once.</summary>
    /// <param name="realTimeMax">Real time after which the faults end early; the healing still follows. Null for no bound.</param>
    public SimulationReport Run(TimeSpan? realTimeMax = null)
    {
        var watch = Stopwatch.StartNew();
        using var disk = Hub.Disk;
        Hub.Start();
        foreach (var board in Boards)
        {
            board.PowerOn();
        }

        Oracle.Begin();
        Pressers.Begin();
        Faults.Begin();
        FaultsEndUs = (long)Options.Duration.TotalMicroseconds;
        while (!RunUntil(FaultsEndUs, realTimeMax is { } max ? () => watch.Elapsed < max : static () => true))
        {
            // Real time is over: the faults end at the next thousandth of a day, so that the run can be told to the replay in a short number.
            FaultsEndUs = Math.Min(FaultsEndUs, ((Queue.NowUs / ThousandthDayUs) + 1) * ThousandthDayUs);
            realTimeMax = null;
        }

        var virtualDays = (double)Queue.NowUs / VirtualTime.Day;
        Pressers.End();
        Faults.Heal();
        _ = RunUntil(Queue.NowUs + (long)Options.Healing.TotalMicroseconds, static () => true);
        if (Oracle.Violation is null)
        {
            Oracle.CheckTheEnd();
        }

        var signals = disk.Ledger.Signals;
        var incidents = disk.Ledger.Incidents;
        return new SimulationReport(
            Options.Seed, Boards.Count, virtualDays, signals, Oracle.Presses, incidents, Faults.Counts, Oracle.Checks,
            Oracle.Violation, Trace.Hash, Queue.Happened, Boards.Sum(static board => board.Steps),
            Boards.Sum(static board => board.StepsLeftOut), virtualDays * 86_400 / watch.Elapsed.TotalSeconds);
    }

    /// <summary>False when <paramref name="mayGoOn"/> said no; true at the time, or at a violation.</summary>
    private bool RunUntil(long untilUs, Func<bool> mayGoOn)
    {
        var events = 0;
        var atOnce = 0;
        var nowUs = Queue.NowUs;
        try
        {
            while (Oracle.Violation is null && Queue.Step(untilUs))
            {
                atOnce = nowUs == Queue.NowUs ? atOnce + 1 : 0;
                nowUs = Queue.NowUs;
                if (atOnce > EventsAtOnceMax)
                {
                    var board = Queue.LastActor switch { SimulatedBoard itself => itself, BoardLink link => link.Board, Network.Wire { BoardEnd: BoardLink link } => link.Board, _ => null };
                    Oracle.Fail("world", board, $"{Queue.LastActor!.GetType().Name} is busy without end: a million events, and no time has passed");
                }

                if ((++events & 0xFFF) != 0)
                {
                    continue;
                }

                OnProgress?.Invoke((double)nowUs / VirtualTime.Day);
                if (!mayGoOn())
                {
                    return false;
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Some party did what no party may: told with its seed like any other violation.
            Oracle.Fail("world", null, "an event threw " + e);
        }

        return true;
    }

    private SimulatedBoard Provision(string device, int number, ulong hubId, SqliteHubStore store)
    {
        var dice = new Dice(Options.Seed, "credentials " + device);
        var key = new byte[MessageKey.KeyBytes];
        var salt = new byte[DeviceCredentials.SaltBytes];
        var secret = new byte[12];
        dice.Fill(key);
        dice.Fill(salt);
        dice.Fill(secret);
        var isMetered = (number + new Dice(Options.Seed, "metered").Between(0, MeteredOneIn - 1)) % MeteredOneIn == 0;
        var sounds = new Dice(Options.Seed, "sounds " + device);
        var (isAnnunciator, hasSiren) = (sounds.OneIn(2), sounds.OneIn(2));
        var hasSecond = new Dice(Options.Seed, "second address " + device).OneIn(SecondAddressOneIn);
        var password = Convert.ToHexStringLower(secret);
        var hash = DeviceCredentials.HashPassword(salt, Encoding.ASCII.GetBytes(password));
        Devices.Set(new DeviceCredentials(device, new MessageKey(key), salt, hash, Revoked: false));
        if (number == 0)
        {
            // Another box of this station was stolen, and its credentials were struck off.
            Devices.Set(new DeviceCredentials(StruckOff, new MessageKey(key), salt, hash, Revoked: true));
        }

        store.SaveCredentials(new StoredCredentials(device, key, salt, hash, false), DateTimeOffset.FromUnixTimeMilliseconds(BeginUtcMs));
        var hub = hubId.ToString("x16", CultureInfo.InvariantCulture);
        var provisioning =
            $$"""{"device":"{{device}}","hub":"{{hub}}","key":"{{Convert.ToHexStringLower(key)}}",{{SimulatedBoard.WayProvisioned(hasSecond)}},"password":"{{password}}","metered":{{(isMetered ? "true" : "false")}},"annunciator":{{(isAnnunciator ? "true" : "false")}},"siren":{{(hasSiren ? "true" : "false")}},{{new BoardZones(Options.Seed, device).Provisioning}},"virtual":true}""";
        var board = new SimulatedBoard(this, number, device, provisioning, Options.Seed) 
        {
            Password = password, IsMetered = isMetered, IsAnnunciator = isAnnunciator, HasSiren = hasSiren, HasStretcher = new Dice(Options.Seed, "carrier " + device).OneIn(2), HasSecondAddress = hasSecond,
        };
        _byDevice.Add(device, board);
        _byNumber.Add(number, board);
        return board;
    }

    private sealed class PowerPlug(Simulation world) : IActor
    {
        public void Happen(int code, long argument) => world.BoardOf(argument).PowerOn();
    }
}
