using System.Diagnostics;
using System.Text.Json.Nodes;
using Gateway.Hub;
using Gateway.Loads.Boards;

namespace Gateway.Loads.Bench;

/// <summary>
/// After an outage: boards that all come back at once with a backlog each, while people press buttons at other boards. The backlog drains by receipts, 16 under
/// way per lane, as the protocol has it; a fresh call's time runs from the press to its receipt.
/// </summary>
internal static class StormBench
{
    private const int FreshBoards = 50;

    /// <summary>So often each of the fresh boards presses, or resets what it pressed: 50 presses a second over all of them.</summary>
    private static readonly TimeSpan PressEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>A drain that is over at once would leave too few fresh calls for a 99th percentile.</summary>
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(5);

    /// <summary>Calls that do not count: a hub is not at its first call when the power comes back.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>What an hour without the hub leaves in a journal, mostly; the mains and a contact come and go.</summary>
    private static readonly (string Kind, int Zone, string State)[] Backlog =
        [("mains", 0, "alarm"), ("patrol", 0, "normal"), ("patrol", 0, "normal"), ("door", 3, "normal"), ("patrol", 0, "normal"), ("mains", 0, "normal"), ("patrol", 0, "normal"), ("patrol", 0, "normal")];

    public static async Task<JsonObject> RunAsync(string program, int boards, int backlog, TextWriter output)
    {
        await using var hub = await HubProcess.StartAsync(program);
        var files = await hub.ProvisionAsync(boards + FreshBoards);
        var route = new LoadRoute("127.0.0.1", hub.Ready.MqttPort);
        await using var storm = new Crowd(files.Skip(FreshBoards), route);
        foreach (var board in storm.Boards)
        {
            for (var i = 0; i < backlog; i++)
            {
                var what = Backlog[i % Backlog.Length];
                board.Tell(what.Kind, what.Zone, what.State);
            }
        }

        await using var fresh = new Crowd(files.Take(FreshBoards), route);
        await fresh.ConnectAsync(fresh.Boards, FreshBoards);
        if (!await Crowd.UntilAsync(() => fresh.Figures.Online == FreshBoards, Patience))
        {
            throw new HubStartException("The boards with fresh calls did not get online.");
        }

        using var stop = new CancellationTokenSource();
        var pressing = PressAsync(fresh.Boards, stop.Token);
        await Task.Delay(WarmUp);
        fresh.Figures.PressToReceipt.Clear();
        var due = (long)boards * backlog;
        var started = Stopwatch.GetTimestamp();
        foreach (var board in storm.Boards)
        {
            board.SetLink(true);
        }

        var drained = await Crowd.UntilAsync(() => storm.Figures.Receipted == due, Patience);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (seconds < AtLeast.TotalSeconds)
        {
            await Task.Delay(AtLeast - TimeSpan.FromSeconds(seconds));
        }

        await stop.CancelAsync();
        await pressing;
        var allAnswered = await Crowd.UntilAsync(() => fresh.Boards.All(board => board.Backlog == 0), Patience);
        var stored = await hub.StoredAsync();
        var calls = fresh.Figures.PressToReceipt;
        await output.WriteLineAsync(
            $"{due:N0} records of {boards:N0} boards in {seconds:F1} s; {calls.Count:N0} fresh calls, p50 {calls.PercentileMs(0.50)} ms, p99 {calls.PercentileMs(0.99)} ms, max {calls.PercentileMs(1)} ms");
        return new JsonObject
        {
            ["benchmark"] = "storm", ["boards"] = boards, ["backlog"] = backlog, ["drainSeconds"] = drained ? Math.Round(seconds, 2) : null,
            ["freshCalls"] = calls.Count, ["freshCallP50Ms"] = calls.PercentileMs(0.50), ["freshCallP99Ms"] = calls.PercentileMs(0.99), ["freshCallMaxMs"] = calls.PercentileMs(1),
            ["lost"] = (drained && allAnswered ? 0 : 1) + Math.Max(0, storm.Figures.Receipted + fresh.Figures.Receipted - stored), ["refusals"] = storm.Figures.Refusals + fresh.Figures.Refusals,
        };
    }

    /// <summary>Each board in its turn: press, and the next time reset.</summary>
    private static async Task PressAsync(IReadOnlyList<LightBoard> boards, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(PressEvery / boards.Count);
        try
        {
            for (var i = 0; await timer.WaitForNextTickAsync(cancellation); i++)
            {
                var board = boards[i % boards.Count];
                if (board.IsLatched)
                {
                    board.Reset();
                }
                else
                {
                    board.Press();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The storm is over.
        }
    }
}
