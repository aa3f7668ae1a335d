using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Hub.Accounts;
using Gateway.Hub.Fleet;
using Gateway.Hub.Tests.Api;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Fleet;

/// <summary>A gateway's life over the API and real sockets: provisioned in one action, rotated, replaced, revoked.</summary>
public sealed class FleetApiTests(ConsoleHost host) : IClassFixture<ConsoleHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_action_gives_a_board_all_that_it_needs_to_connect()
    {
        using var program = await host.Program(Rights.Provision, Rights.Read);
        var made = await Post(program, "/api/gateways", new { device = "sumitu-07", host = "127.0.0.1", port = host.MqttPort, ssid = "steppe+1", wifiPassword = "a quiet network" });
        var file = Parse(made);

        Assert.Equal((file.Device, host.Hub.Current.HubId, 64), (made.GetProperty("device").GetString(), file.Hub, file.Key.Length));
        Assert.Contains("\"ssid\":\"steppe+1\"", made.GetProperty("file").GetString());
        Assert.StartsWith("<svg ", made.GetProperty("qr").GetString());

        // For the service header: lines that it takes (firmware/README.md), and what is absent is set back.
        var lines = made.GetProperty("text").GetString()!.Split('\n');
        Assert.Equal(
            ["set drop", "set device sumitu-07", $"set hub {file.Hub}", $"set key {file.Key}", $"set password {file.Password}", "set host 127.0.0.1", $"set port {host.MqttPort}", "set tls false", "set ssid steppe+1", "set wifiPassword a quiet network", "set metered false", "set save", ""],
            lines);
        using var board = await SocketBoard.ConnectAsync(host.MqttPort, file);
        await board.PublishAckedAsync("status", board.Board.Birth(isVirtual: true));
        Assert.Equal(LinkState.Up, host.Hub.Current.Gateways["sumitu-07"].Link);

        using var again = await program.PostAsJsonAsync("/api/gateways", new { device = "sumitu-07", host = "127.0.0.1", port = host.MqttPort }, Cancellation);
        Assert.Equal((HttpStatusCode.Conflict, "gateway-known"), (again.StatusCode, (await ConsoleHost.Problem(again)).Refusal));
    }

    [Fact]
    public async Task Who_names_no_address_gets_the_one_at_which_the_hub_listens()
    {
        using var program = await host.Program(Rights.Provision);
        var file = Parse(await Post(program, "/api/gateways", new { device = "sumitu-09" }));
        Assert.Equal(("127.0.0.1", host.MqttPort), (file.Host, file.Port));
        using var board = await SocketBoard.ConnectAsync(host.MqttPort, file);
        await board.PublishAckedAsync("status", board.Board.Birth(isVirtual: true));
    }

    [Theory]
    [InlineData("""{"device":"UPPER","host":"h","port":1}""", "device")]
    [InlineData("""{"device":"sumitu-99","host":"","port":1}""", "host")]
    [InlineData("""{"device":"sumitu-99","host":"a\"b","port":1}""", "host")]
    [InlineData("""{"device":"sumitu-99","host":" h","port":1}""", "host")]
    [InlineData("""{"device":"sumitu-99","host":"0.0.0.0","port":1}""", "host")]
    [InlineData("""{"device":"sumitu-99","host":"::","port":1}""", "host")]
    [InlineData("""{"device":"sumitu-99","host":"h","port":0}""", "port")]
    [InlineData("""{"device":"sumitu-99","host":"h","port":1,"ssid":"草原"}""", "ssid")]
    [InlineData("""{"device":"sumitu-99","host":"h","port":1,"wifiPassword":"short"}""", "wifiPassword")]
    public async Task A_wish_outside_its_bounds_is_refused_with_the_member(string json, string member)
    {
        using var program = await host.Program(Rights.Provision);
        using var answer = await program.PostAsync("/api/gateways", new StringContent(json, null, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([member], (await ConsoleHost.Problem(answer)).Members);
        Assert.DoesNotContain("sumitu-99", host.Hub.Current.Gateways.Keys);
    }

    [Fact]
    public async Task Rotation_replacement_and_revocation_end_the_old_connection_at_once_and_the_old_credentials_for_good()
    {
        using var program = await host.Program(Rights.Provision);
        var address = new { host = "127.0.0.1", port = host.MqttPort };
        var file = Parse(await Post(program, "/api/gateways", new { device = "sumitu-08", address.host, address.port }));
        foreach (var action in new[] { "rotate", "replace" })
        {
            using var old = await SocketBoard.ConnectAsync(host.MqttPort, file);
            var renewed = Parse(await Post(program, $"/api/gateways/sumitu-08/{action}", address));
            await old.Closed.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
            Assert.NotEqual(file.Key, renewed.Key);
            await AssertRefused(file);
            file = renewed;
        }

        using var last = await SocketBoard.ConnectAsync(host.MqttPort, file);
        using var answer = await program.PostAsync("/api/gateways/sumitu-08/revoke", null, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await last.Closed.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        await AssertRefused(file);
        Assert.True(host.Hub.Current.Gateways["sumitu-08"].Revoked);
    }

    [Fact]
    public async Task A_configuration_goes_to_the_board_and_a_wrong_one_is_told_by_its_member()
    {
        using var program = await host.Program(Rights.Maintain, Rights.Read);
        using var wrong = await program.PutAsJsonAsync("/api/gateways/sumitu-01/configuration", new { settings = new { debounceMs = 5 } }, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var problem = await ConsoleHost.Problem(wrong);
        Assert.Equal("out-of-range", problem.Refusal);
        Assert.Equal(["debounceMs"], problem.Members);

        using var right = await program.PutAsJsonAsync("/api/gateways/sumitu-01/configuration", new { settings = new { debounceMs = 50, siren = true }, expectedVersion = 0 }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        var desired = await host.Board.NextAsync("config");
        Assert.Equal((50, true), (desired.GetProperty("debounceMs").GetInt32(), desired.GetProperty("siren").GetBoolean()));
        var shown = await program.GetFromJsonAsync<JsonElement>("/api/gateways/sumitu-01/configuration", Cancellation);
        Assert.Equal("pending", shown.GetProperty("progress").GetString());
    }

    private async Task AssertRefused(ProvisioningFile file) =>
        await Assert.ThrowsAnyAsync<Exception>(async () => (await SocketBoard.ConnectAsync(host.MqttPort, file)).Dispose());

    private static async Task<JsonElement> Post(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body, Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Cancellation));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private static ProvisioningFile Parse(JsonElement made) => JsonSerializer.Deserialize<ProvisioningFile>(made.GetProperty("file").GetString()!)!;
}
