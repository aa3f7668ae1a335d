using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Cli.Demo;

namespace Gateway.Cli.Commands;

/// <summary><c>service</c>: a terminal at the service header (COM2) of a virtual board of the running demo, for a person or for lines from a pipe.</summary>
internal static class ServiceCommand
{
    /// <summary>An answer that does not begin within this time does not come: a board that restarts takes a second, ms.</summary>
    private const int AnswerMsMax = 5_000;

    /// <summary>The board writes 64 bytes every 20 ms at the slowest: this long without one is the end of an answer, ms.</summary>
    private const int QuietMs = 150;

    public static Command Create()
    {
        var board = new Option<string>("--board") { Description = "The board, as sumitu-01.", Required = true };
        var data = DemoCommand.DataOption("Data folder of the running demo.");
        var blank = new Option<bool>("--blank") { Description = "First take its settings away, as if it came from the factory. Its journal stays." };
        var command = new Command("service", "Type at the service header of a virtual board of the running demo: help, status, set, test, journal.") { board, data, blank };
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetValue(data)!, parsed.GetValue(board)!, parsed.GetValue(blank), Console.In, Console.Out, Console.Error, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string data, string board, bool blank, TextReader input, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        try
        {
            var demo = DemoFile.Read(data) ?? throw new InvalidOperationException($"No demo runs with the data folder {data}.");
            using var client = new HttpClient { BaseAddress = new Uri(new Uri(demo.Console), $"/api/demo/boards/{Uri.EscapeDataString(board)}/") };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", demo.Token);
            if (blank)
            {
                using var answer = await Checked(await client.PostAsync("blank", null, cancellation), cancellation);
                var made = await answer.Content.ReadFromJsonAsync<BlankBoard>(cancellation);
                await output.WriteLineAsync($"{board} is blank. What it had, to be typed by 'set NAME VALUE' and 'set save': {made!.Before}");
            }

            await TypeAsync(client, input, output, cancellation);
            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or IOException or UnauthorizedAccessException or JsonException)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <summary>Line by line, each after the answer to the one before: the receive buffer of the board holds 256 bytes.</summary>
    private static async Task TypeAsync(HttpClient client, TextReader input, TextWriter output, CancellationToken cancellation)
    {
        _ = await ReadAsync(client, cancellation);
        while (await input.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Trim() is not { Length: > 0 } typed)
            {
                continue;
            }

            (await Checked(await client.PostAsJsonAsync("service", new ServiceInput(typed), cancellation), cancellation)).Dispose();
            await output.WriteAsync(await AnswerAsync(client, cancellation) is { Length: > 0 } answer ? answer : "(no answer)\r\n");
            await output.FlushAsync(cancellation);
        }
    }

    /// <summary>What the board writes until it falls silent.</summary>
    private static async Task<string> AnswerAsync(HttpClient client, CancellationToken cancellation)
    {
        var answer = "";
        for (var waitedMs = 0; waitedMs < AnswerMsMax; waitedMs += QuietMs)
        {
            await Task.Delay(QuietMs, cancellation);
            var text = await ReadAsync(client, cancellation);
            if (text.Length == 0 && answer.EndsWith('\n'))
            {
                return answer;
            }

            answer += text;
        }

        return answer;
    }

    private static async Task<string> ReadAsync(HttpClient client, CancellationToken cancellation)
    {
        using var answer = await Checked(await client.GetAsync("service", cancellation), cancellation);
        return (await answer.Content.ReadFromJsonAsync<ServiceText>(cancellation))!.Text;
    }

    /// <exception cref="InvalidOperationException">The demo refused, with its own words.</exception>
    private static async Task<HttpResponseMessage> Checked(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            var detail = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" && JsonDocument.Parse(text).RootElement.TryGetProperty("detail", out var said)
                ? said.GetString()
                : null;
            throw new InvalidOperationException(detail ?? (answer.StatusCode == HttpStatusCode.Unauthorized ? "The demo does not know this token: is it another one's data folder?" : $"The demo answered {(int)answer.StatusCode}."));
        }
    }
}
