using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Hub.Stations;

namespace Gateway.Cli.Commands;

/// <summary><c>station check, export, import</c>: a station's reference data. Check works on a file alone; the others speak with a running hub's API.</summary>
internal static class StationCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILES") { Description = "A station file (seeds/README.md), or all of those that one hub is to have.", Arity = ArgumentArity.OneOrMore };
        var check = new Command("check", "Read station files as a hub would, without changing anything: 0 they are good, 1 with every error and its line.") { files };
        check.SetAction(parsed => CheckAll(parsed.GetValue(files)!, Console.Out));
        return new Command("station", "Reference data of a station.") { check, Export(), Import() };
    }

    private static Command Export()
    {
        var (hub, token) = HubOptions();
        var station = new Option<string?>("--station") { Description = "Whose, where the hub has several." };
        var command = new Command("export", "Print the station file that a hub runs.") { hub, token, station };
        command.SetAction((parsed, cancellation) => AskAsync(
            parsed.GetValue(hub)!, parsed.GetValue(token)!,
            client => client.GetAsync(parsed.GetValue(station) is { } id ? $"/api/station/file?station={Uri.EscapeDataString(id)}" : "/api/station/file", cancellation), cancellation));
        return command;
    }

    private static Command Import()
    {
        var file = new Argument<string>("FILE") { Description = "A station file (seeds/README.md)." };
        var (hub, token) = HubOptions();
        var apply = new Option<bool>("--apply") { Description = "Import it: in force from the hub's next start. Without it, a dry run." };
        var another = new Option<bool>("--another-station") { Description = "Import it though it is the file of another station than the hub's only one." };
        var command = new Command("import", "Try a station file against a running hub, and with --apply import it in the place of the same station's.") { file, hub, token, apply, another };
        command.SetAction(async (parsed, cancellation) =>
        {
            // What a hub would refuse needs no hub to be told of, and every error has its line here.
            if (Check(parsed.GetValue(file)!, Console.Error) is not 0 and var refused)
            {
                return refused;
            }

            using var body = new StringContent(await File.ReadAllTextAsync(parsed.GetValue(file)!, cancellation), Encoding.UTF8, "application/yaml");
            return await AskAsync(
                parsed.GetValue(hub)!, parsed.GetValue(token)!,
                client => parsed.GetValue(apply)
                    ? client.PutAsync(parsed.GetValue(another) ? "/api/station/file?anotherStation=true" : "/api/station/file", body, cancellation)
                    : client.PostAsync("/api/station/check", body, cancellation),
                cancellation);
        });
        return command;
    }

    private static (Option<Uri> Hub, Option<string> Token) HubOptions() => (
        new Option<Uri>("--hub") { Description = "Address of the hub's console, such as https://hub.example:8443.", Required = true },
        new Option<string>("--token-file") { Description = "A file that holds an API token and nothing else; an import needs the right to administer, a dry run to maintain.", Required = true });

    /// <summary>Prints the answer: 0 when the hub did it, 1 with its refusal.</summary>
    private static async Task<int> AskAsync(Uri hub, string tokenFile, Func<HttpClient, Task<HttpResponseMessage>> ask, CancellationToken cancellation)
    {
        try
        {
            using var client = new HttpClient { BaseAddress = hub };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(tokenFile, cancellation)).Trim());
            using var answer = await ask(client);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            await (answer.IsSuccessStatusCode ? Console.Out : Console.Error).WriteLineAsync(answer.IsSuccessStatusCode ? text : SentenceOf(text, (int)answer.StatusCode));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static string SentenceOf(string problem, int status)
    {
        try
        {
            using var json = JsonDocument.Parse(problem);
            return json.RootElement.GetProperty("detail").GetString()!;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            return $"The hub answered with status {status}.";
        }
    }

    private static int CheckAll(string[] paths, TextWriter output)
    {
        if (paths.Select(path => Check(path, output)).ToList() is var each && each.Exists(code => code != 0))
        {
            return 1;
        }

        var clashes = StationBookCheck.Errors([.. paths.Select(path => (Path.GetFileName(path), StationLoader.Load(path).Station!))]);
        foreach (var clash in clashes)
        {
            Console.Error.WriteLine(clash);
        }

        return clashes.IsEmpty ? 0 : 1;
    }

    private static int Check(string path, TextWriter output)
    {
        var result = StationLoader.Load(path);
        if (result.Station is not { } station)
        {
            foreach (var error in result.Errors)
            {
                Console.Error.WriteLine(error);
            }

            return 1;
        }

        output.WriteLine($"{station.Id}: {StationSummary.Of(station)}");
        return 0;
    }
}
