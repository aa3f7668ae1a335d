using System.Net.Sockets;
using Gateway.Hub;
using Gateway.Mqtt.Client;

namespace Gateway.Cli.Prove;

/// <summary>
/// What a proof by kills found. Empty <paramref name="Violations"/> is the proof for so many <paramref name="Kills"/>. <paramref name="Stopped"/> says why it ended
/// before its time by itself; null when all was done or a person stopped it.
/// </summary>
internal sealed record KillProofResult(int Kills, int Acknowledged, long Receipted, int Stored, int Calls, int Seed, IReadOnlyList<string> Violations, string? Stopped)
{
    public KillProofResult Plus(KillProofResult more) => new(
        Kills + more.Kills, Acknowledged + more.Acknowledged, Receipted + more.Receipted, Stored + more.Stored, Calls + more.Calls, Seed, [.. Violations, .. more.Violations], more.Stopped);
}

/// <summary>
/// kill -9 of the hub's own process in the middle of a flood, again and again: every signal that was PUBACKed or receipted is in the database once, and every call in
/// one incident (I2, I8). The hub is the real command with a real configuration file. A kill is no power cut: what the kernel had taken is written all the same; that
/// a commit also waits for the disk is SQLite's synchronous=FULL. Kills come in rounds, each over a database of its own that lives through all of them and is judged
/// at the end, so that a long run finds a violation early. The first violation ends the run and keeps its database.
/// </summary>
internal sealed class KillProof(int kills, int seed, string stationFile, string device)
{
    /// <summary>Kills over one database. About 190,000 signals: more than a hub replays or loads at any start, little enough to be judged within seconds.</summary>
    public const int KillsPerRound = 250;

    private readonly Random _random = new(seed);

    /// <summary>Called after each kill with how many there were, and how many signals they acknowledged.</summary>
    public Action<int, int>? OnKill { get; init; }

    /// <summary>Cancelled: what was done until then is judged all the same.</summary>
    public async Task<KillProofResult> RunAsync(CancellationToken cancellation)
    {
        var total = new KillProofResult(0, 0, 0, 0, 0, seed, [], null);
        while (total.Kills < kills && total.Violations.Count == 0 && total.Stopped is null && !cancellation.IsCancellationRequested)
        {
            total = total.Plus(await RoundAsync(total, cancellation));
        }

        return total;
    }

    private async Task<KillProofResult> RoundAsync(KillProofResult before, CancellationToken cancellation)
    {
        using var round = await KillRound.OpenAsync(stationFile, device);
        var stopped = (string?)null;
        try
        {
            while (round.Kills < KillsPerRound && before.Kills + round.Kills < kills)
            {
                await round.LiveOnceAsync(_random.Next(1, KillRound.AcknowledgedMax), cancellation);
                OnKill?.Invoke(before.Kills + round.Kills, before.Acknowledged + round.Acknowledged);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped by a person or a time limit.
        }
        catch (Exception e) when (e is HubStartException or MqttConnectionException or SocketException or TimeoutException)
        {
            stopped = e.Message;
        }

        return (await round.JudgeAsync()) with { Seed = seed, Stopped = stopped };
    }
}
