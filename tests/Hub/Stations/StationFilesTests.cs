using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gateway.Hub.Accounts;
using Gateway.Hub.Operation;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Api;
using Gateway.Hub.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Stations;

/// <summary>The files of a hub of several stations: how it is told of them, and the import of one.</summary>
public sealed class StationFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public StationFilesTests()
    {
        foreach (var name in new[] { "urad-north", "urad-south" })
        {
            File.Copy(Path.Combine(Seeds.Folder, "stations", name + ".yaml"), FileOf(name));
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HubOptions Options => new() { DataFolder = Path.Combine(_folder.Path, "data"), StationFile = FileOf("urad-north"), OtherStationFiles = [FileOf("urad-south")] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_configuration_names_one_file_a_folder_or_a_list_and_not_two_of_these()
    {
        var list = Read("stations: [urad-north.yaml, urad-south.yaml]");
        Assert.Equal([FileOf("urad-north"), FileOf("urad-south")], StationFiles.Configured(list));
        Assert.Equal(["urad-north", "urad-south"], StationFiles.Load(list).Stations.Stations.Select(station => station.Id));
        Assert.Equal(StationFiles.Configured(list), StationFiles.Configured(Read("station: .")));
        Assert.Equal([FileOf("urad-south")], StationFiles.Configured(Read("station: urad-south.yaml")));
        Assert.Contains("is enough", Assert.Throws<ConfigurationException>(() => Read("station: .\nstations: [a.yaml]")).Message, StringComparison.Ordinal);
        Assert.Contains("`station` is missing", Assert.Throws<ConfigurationException>(() => Read("")).Message, StringComparison.Ordinal);
        var empty = Directory.CreateDirectory(Path.Combine(_folder.Path, "empty")).FullName;
        Assert.Contains("holds no station file", Assert.Throws<StationFileException>(() => StationFiles.Configured(Options with { StationFile = empty, OtherStationFiles = [] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_contradict_each_other_stop_the_start_with_both_names()
    {
        var text = File.ReadAllText(FileOf("urad-north")).Replace("  id: urad-north\n", "  id: urad-south\n", StringComparison.Ordinal);
        File.WriteAllText(FileOf("urad-south"), text);
        var message = Assert.Throws<StationFileException>(() => StationFiles.Load(Options)).Message;
        Assert.Contains("urad-south.yaml: `n-seat` of `villages` is also in urad-north.yaml", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_of_one_station_is_tried_imported_run_backed_up_and_taken_back_and_the_others_stay()
    {
        await using (var app = HubHost.Build(Options))
        {
            using var client = await Administrator(app);
            using var unsaid = await client.GetAsync("/api/station/file", Cancellation);
            Assert.Equal("station-needed", (await ConsoleHost.Problem(unsaid)).Refusal);
            var south = await client.GetStringAsync("/api/station/file?station=urad-south", Cancellation);
            Assert.Equal(await File.ReadAllTextAsync(FileOf("urad-south"), Cancellation), south);

            // A clash with the other station is found by the dry run already.
            var clash = south.Replace("s-market", "n-border", StringComparison.Ordinal);
            var tried = await Json(await client.PostAsync("/api/station/check", Yaml(clash), Cancellation));
            Assert.False(tried.GetProperty("good").GetBoolean());
            Assert.Contains("is also in urad-north.yaml", tried.GetProperty("errors")[0].GetProperty("sentence").GetString(), StringComparison.Ordinal);
            using var refused = await client.PutAsync("/api/station/file", Yaml(clash), Cancellation);
            Assert.Equal("station-file-errors", (await ConsoleHost.Problem(refused)).Refusal);
            using var stranger = await client.PutAsync(
                "/api/station/file?anotherStation=true", Yaml(south.Replace("urad-south", "urad-west", StringComparison.Ordinal).Replace("s-", "w-", StringComparison.Ordinal)), Cancellation);
            Assert.Equal("another-station", (await ConsoleHost.Problem(stranger)).Refusal);

            var imported = await Json(await client.PutAsync("/api/station/file", Yaml(south.Replace("s-officer-1", "s-officer-9", StringComparison.Ordinal)), Cancellation));
            var responders = imported.GetProperty("changes").GetProperty("lists").EnumerateArray().Single(list => list.GetProperty("list").GetString() == "responders");
            Assert.Equal(["s-officer-9"], responders.GetProperty("addedIds").EnumerateArray().Select(id => id.GetString()));
            Assert.Equal(["s-officer-1"], responders.GetProperty("removedIds").EnumerateArray().Select(id => id.GetString()));
            var listed = await client.GetFromJsonAsync<JsonElement>("/api/stations", Cancellation);
            Assert.Equal([false, true], listed.EnumerateArray().Select(station => station.GetProperty("waiting").GetBoolean()));
            await app.StopAsync(Cancellation);
        }

        var backup = Backups.Make(Options.DataFolder, Path.Combine(_folder.Path, "backups"), TestTime.Start);
        await using (var app = HubHost.Build(Options))
        {
            using var client = await Administrator(app);
            var stations = app.Services.GetRequiredService<HubService>().Current.Stations;
            Assert.Equal("urad-south", stations.OfResponder("s-officer-9")!.Id);
            Assert.NotNull(stations.OfResponder("n-officer-1"));
            var listed = await client.GetFromJsonAsync<JsonElement>("/api/stations", Cancellation);
            Assert.Equal([false, true], listed.EnumerateArray().Select(station => station.GetProperty("imported").GetBoolean()));
            using var back = await client.DeleteAsync("/api/station/file?station=urad-south", Cancellation);
            Assert.Equal(HttpStatusCode.NoContent, back.StatusCode);
            using var none = await client.DeleteAsync("/api/station/file?station=urad-north", Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
            await app.StopAsync(Cancellation);
        }

        Assert.NotNull(StationFiles.Load(Options).Stations.OfResponder("s-officer-1"));
        Backups.Restore(Options.DataFolder, backup, null, TestTime.Start.AddHours(1));
        Assert.NotNull(StationFiles.Load(Options).Stations.OfResponder("s-officer-9"));
        Backups.Prune(Path.Combine(_folder.Path, "backups"), 0);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, "backups"), "*.yaml"));
    }

    [Fact]
    public void A_hub_that_gets_a_second_station_keeps_what_was_imported_when_it_had_one()
    {
        Directory.CreateDirectory(Options.DataFolder);
        File.WriteAllText(Path.Combine(Options.DataFolder, StationFiles.ImportedName), File.ReadAllText(FileOf("urad-north")).Replace("n-officer-1", "n-officer-9", StringComparison.Ordinal));
        var loaded = StationFiles.Load(Options);
        Assert.Equal("urad-north", loaded.Stations.OfResponder("n-officer-9")!.Id);
        Assert.Equal([true, false], loaded.Sources.Select(source => source.Imported));
        var files = new StationFiles(Options, loaded.Sources);
        Assert.False(files.IsWaiting("urad-north"));
        Assert.True(files.TakeBack("urad-north"));
        Assert.True(files.IsWaiting("urad-north"));
        Assert.Null(StationFiles.Load(Options).Stations.OfResponder("n-officer-9"));
    }

    private string FileOf(string name) => Path.Combine(_folder.Path, name + ".yaml");

    private HubOptions Read(string stations) => HubConfiguration.Read(
        $"format: 1\ndata: data\n{stations}\nconsole:\n  address: 127.0.0.1\n  port: 8080\nmqtt:\n  address: 127.0.0.1\n  port: 1883\n", "hub.yaml", _folder.Path);

    private static StringContent Yaml(string text) => new(text, Encoding.UTF8, "application/yaml");

    private static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        using (answer)
        {
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            Assert.True(answer.IsSuccessStatusCode, json.ToString());
            return json;
        }
    }

    private static async Task<HttpClient> Administrator(WebApplication app)
    {
        var addresses = await HubHost.StartAsync(app, Cancellation);
        var client = new HttpClient { BaseAddress = addresses.Console };
        var token = await app.Services.GetRequiredService<TokenService>().CreateAsync("test", [Rights.Read, Rights.Maintain, Rights.Administer]);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        return client;
    }
}
