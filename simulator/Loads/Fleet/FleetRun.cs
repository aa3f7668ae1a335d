using System.Diagnostics;
using System.Text.Json.Nodes;
using Gateway.Loads.Boards;
using Spectre.Console;

namespace Gateway.Loads.Fleet;

/// <summary>What a fleet is told.</summary>
/// <param name="Host">Of the hub's MQTT port.</param>
/// <param name="Api">The hub's console and API.</param>
/// <param name="Token">A token of it that may provision; to accept calls also operate and read.</param>
/// <param name="AuthorityPem">Whom to trust at an https address of the API; null for whom this machine trusts. The boards trust whom their provisioning names.</param>
/// <param name="AcceptPerSecond">Calls that the fleet itself accepts as an operator; 0 leaves them to people, and notices to their accepting.</param>
internal sealed record FleetOptions(
    int Boards, string Host, int Port, Uri Api, string Token, FleetProfile Profile, TimeSpan Duration, int Seed, string Prefix = "fleet", int AcceptPerSecond = 10, int ConnectsPerSecond = 500, string? AuthorityPem = null);

/// <summary>A fleet of light boards at a running hub: provisions them, connects them, lets them behave, and tells what it saw.</summary>
internal sealed class FleetRun(FleetOptions options, TextWriter output)
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(60);

    public async Task<JsonObject> RunAsync(CancellationToken cancellation)
    {
        using var api = new FleetApi(options.Api, options.Token, options.AuthorityPem);
        await output.WriteLineAsync($"Provisioning {options.Boards:N0} boards at {options.Api}...");
        var (files, ca) = await api.ProvisionAsync(options.Boards, options.Prefix, options.Host, options.Port, cancellation);
        FleetBehaviour? behaviour = null;
        await using var crowd = new Crowd(files, new LoadRoute(options.Host, options.Port, ca), at => Volatile.Read(ref behaviour)?.Step(at));
        var online = Stopwatch.GetTimestamp();
        await crowd.ConnectAsync(crowd.Boards, options.ConnectsPerSecond, cancellation);
        await Crowd.UntilAsync(() => crowd.Figures.Online == options.Boards, DrainPatience, cancellation);
        await output.WriteLineAsync($"{crowd.Figures.Online:N0} of {options.Boards:N0} online after {Stopwatch.GetElapsedTime(online).TotalSeconds:F1} s; {options.Profile.Name} for {options.Duration.TotalSeconds:F0} s, seed {options.Seed}.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var accepting = options.AcceptPerSecond > 0 ? api.AcceptAsync(options.AcceptPerSecond, stop.Token) : Task.CompletedTask;
        Volatile.Write(ref behaviour, new FleetBehaviour(options.Profile, crowd.Boards, options.Duration, options.Seed));
        await ShowAsync(crowd, cancellation);
        Volatile.Write(ref behaviour, null);
        foreach (var board in crowd.Boards)
        {
            board.SetLink(true);
        }

        var drained = await Crowd.UntilAsync(() => crowd.Figures.Receipted == crowd.Figures.Records, DrainPatience, CancellationToken.None);
        await stop.CancelAsync();
        await accepting;
        return Summary(crowd.Figures, drained);
    }

    private async Task ShowAsync(Crowd crowd, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        if (AnsiConsole.Profile.Out.IsTerminal)
        {
            await AnsiConsole.Live(Table(crowd.Figures, TimeSpan.Zero)).StartAsync(async live =>
            {
                while (await NextAsync())
                {
                    live.UpdateTarget(Table(crowd.Figures, Stopwatch.GetElapsedTime(started)));
                }
            });
            return;
        }

        for (var second = 1; await NextAsync(); second++)
        {
            if (second % 5 == 0)
            {
                await output.WriteLineAsync(Line(crowd.Figures, Stopwatch.GetElapsedTime(started)));
            }
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return Stopwatch.GetElapsedTime(started) < options.Duration && await timer.WaitForNextTickAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    private Table Table(LoadFigures figures, TimeSpan at)
    {
        var table = new Table().Title($"{options.Profile.Name}, {at.TotalSeconds:F0} of {options.Duration.TotalSeconds:F0} s").AddColumns("", "count", "p50 ms", "p99 ms");
        table.AddRow("boards online", $"{figures.Online:N0} of {options.Boards:N0}", "", "");
        table.AddRow("links lost", $"{figures.Losses:N0}", "", "");
        table.AddRow("records, receipted", $"{figures.Records:N0}, {figures.Receipted:N0}", "", "");
        foreach (var (name, times) in Times(figures))
        {
            table.AddRow($"press -> {name}", $"{times.Count:N0}", $"{times.PercentileMs(0.50)}", $"{times.PercentileMs(0.99)}");
        }

        return table;
    }

    private static string Line(LoadFigures figures, TimeSpan at) =>
        $"{at.TotalSeconds,5:F0} s  online {figures.Online:N0}  records {figures.Records:N0}  receipted {figures.Receipted:N0}  lost links {figures.Losses:N0}  press -> "
        + string.Join(", ", Times(figures).Select(time => $"{time.Name} p50 {time.Times.PercentileMs(0.50)} p99 {time.Times.PercentileMs(0.99)} ms"));

    private static (string Name, LatencyHistogram Times)[] Times(LoadFigures figures) =>
        [("PUBACK", figures.PressToPubAck), ("receipt", figures.PressToReceipt), ("notice", figures.PressToNotice)];

    private JsonObject Summary(LoadFigures figures, bool drained) => new()
    {
        ["fleet"] = options.Profile.Name, ["boards"] = options.Boards, ["seed"] = options.Seed, ["seconds"] = options.Duration.TotalSeconds, ["connects"] = figures.Connects,
        ["lostLinks"] = figures.Losses, ["births"] = figures.Births, ["heartbeats"] = figures.Heartbeats, ["records"] = figures.Records, ["receipted"] = figures.Receipted,
        ["unreceipted"] = drained ? 0 : figures.Records - figures.Receipted, ["presses"] = figures.Presses, ["notices"] = figures.PressToNotice.Count, ["dropped"] = figures.Dropped,
        ["refusals"] = figures.Refusals,
        ["pubAckP50Ms"] = figures.PressToPubAck.PercentileMs(0.50), ["pubAckP99Ms"] = figures.PressToPubAck.PercentileMs(0.99),
        ["receiptP50Ms"] = figures.PressToReceipt.PercentileMs(0.50), ["receiptP99Ms"] = figures.PressToReceipt.PercentileMs(0.99),
        ["noticeP50Ms"] = figures.PressToNotice.PercentileMs(0.50), ["noticeP99Ms"] = figures.PressToNotice.PercentileMs(0.99),
    };
}
