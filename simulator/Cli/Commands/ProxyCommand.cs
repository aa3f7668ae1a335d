using System.CommandLine;
using System.Net.Sockets;
using Gateway.Loads.Proxy;

namespace Gateway.Cli.Commands;

/// <summary><c>proxy</c>: a bad path between boards and a hub. While it runs, a line on standard input changes it.</summary>
internal static class ProxyCommand
{
    public static Command Create()
    {
        var listen = NumberOption.Create("--listen", "Port on loopback; 0 takes a free one.", 0, ushort.MaxValue, () => 0);
        var to = new Option<string>("--to") { Description = "HOST:PORT that it connects on to.", Required = true };
        var delay = NumberOption.Create("--delay", "Milliseconds that every byte is late, each way.", 0, 60_000, () => 0);
        var jitter = NumberOption.Create("--jitter", "At most so many milliseconds more.", 0, 60_000, () => 0);
        var loss = NumberOption.Create("--loss", "Share of reads held up as by a lost segment.", 0.0, 1.0, () => 0.0);
        var stall = NumberOption.Create("--stall", "How long such a stall lasts, ms.", 1, 60_000, () => 400);
        var trickle = new Option<bool>("--trickle") { Description = "Every byte in a write of its own." };
        var seed = NumberOption.Create("--seed", "Decides which reads are held up.", 0, int.MaxValue, () => 1);
        var command = new Command("proxy", "A bad path between boards and a hub: delay, loss, cut, half-open, trickle.") { listen, to, delay, jitter, loss, stall, trickle, seed };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (HostAndPort.Parse(parsed.GetValue(to)!) is not var (host, port))
            {
                await Console.Error.WriteLineAsync($"--to takes HOST:PORT, not '{parsed.GetValue(to)}'.");
                return 1;
            }

            var path = new Impairment
            {
                DelayMs = parsed.GetValue(delay), JitterMs = parsed.GetValue(jitter), LossShare = parsed.GetValue(loss), StallMs = parsed.GetValue(stall), Trickle = parsed.GetValue(trickle),
            };
            try
            {
                await using var proxy = ImpairmentProxy.Start(parsed.GetValue(listen), host, port, parsed.GetValue(seed));
                proxy.Path = path;
                await RunAsync(proxy, path, Console.In, Console.Out, cancellation);
                return 0;
            }
            catch (SocketException e)
            {
                await Console.Error.WriteLineAsync($"The port {parsed.GetValue(listen)} cannot be opened ({e.Message}).");
                return 1;
            }
        });
        return command;
    }

    private static async Task RunAsync(ImpairmentProxy proxy, Impairment path, TextReader input, TextWriter output, CancellationToken cancellation)
    {
        await output.WriteLineAsync($"Listening on 127.0.0.1:{proxy.Port}. Type: cut | halfopen | good | bad (as started) | refuse | take | show");
        await output.FlushAsync(cancellation);
        try
        {
            while (await input.ReadLineAsync(cancellation) is { } line)
            {
                Obey(proxy, path, line.Trim());
                await output.WriteLineAsync($"{proxy.Connections} connections, {proxy.Accepted} taken so far, {proxy.Stalls} stalls; {proxy.Path}");
                await output.FlushAsync(cancellation);
            }

            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync("Stopped.");
        }
    }

    private static void Obey(ImpairmentProxy proxy, Impairment path, string word)
    {
        switch (word)
        {
            case "cut":
                proxy.Cut();
                break;
            case "halfopen":
                proxy.Path = path with { HalfOpen = true };
                break;
            case "good":
                proxy.Path = Impairment.None;
                break;
            case "bad":
                proxy.Path = path;
                break;
            case "refuse" or "take":
                proxy.RefusesNew = word == "refuse";
                break;
        }
    }
}
