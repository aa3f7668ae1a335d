using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Hub.Accounts;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Api;

/// <summary>A whole hub on free loopback ports, with one account and one board on a real MQTT socket.</summary>
public sealed class ConsoleHost : IAsyncLifetime
{
    public const string Name = "Desk 1";
    public const string Password = "quiet steppe morning";

    private readonly TempFolder folder = new();
    private HubAddresses addresses = null!;

    public WebApplication App { get; private set; } = null!;

    public HubService Hub => App.Services.GetRequiredService<HubService>();

    public AccountService Accounts => App.Services.GetRequiredService<AccountService>();

    internal SocketBoard Board { get; private set; } = null!;

    public Uri Address => addresses.Console;

    public int MqttPort => addresses.MqttPort;

    public string Origin => Address.GetLeftPart(UriPartial.Authority);

    public async ValueTask InitializeAsync()
    {
        App = HubHost.Build(new HubOptions { DataFolder = folder.Path, StationFile = "", AllowVirtualBoards = true }, Seeds.Sumitu);
        addresses = await HubHost.StartAsync(App);
        Assert.True((await Accounts.SetUpAsync(Accounts.CreateSetupKey(), Name, Password)).Done);
        Board = await SocketBoard.ConnectAsync(addresses.MqttPort, await Hub.ProvisionAsync("sumitu-01", "test"));
        await Board.PublishAckedAsync("status", Board.Board.Birth(isVirtual: true));
    }

    public async ValueTask DisposeAsync()
    {
        Board.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>A client that follows nothing by itself, so that a test sees what the hub answered.</summary>
    public HttpClient Stranger() => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    public async Task<HttpClient> Program(params string[] scopes)
    {
        var client = Stranger();
        var token = await App.Services.GetRequiredService<TokenService>().CreateAsync("test " + Guid.NewGuid().ToString("n"), scopes);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        return client;
    }

    /// <summary>A browser with a session cookie, its pages' header, and nothing else.</summary>
    public async Task<HttpClient> Browser()
    {
        var client = Stranger();
        client.DefaultRequestHeaders.Add(ForgeryGuard.Header, "1");
        var answer = await client.PostAsJsonAsync("/api/session", new { name = Name, password = Password });
        answer.EnsureSuccessStatusCode();
        return client;
    }

    /// <summary>A problem's refusal and the members that it names.</summary>
    internal static async Task<(string? Refusal, string[] Members)> Problem(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var members = json.RootElement.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().Select(error => error.Name).ToArray() : [];
        return (json.RootElement.GetProperty("refusal").GetString(), members);
    }
}
