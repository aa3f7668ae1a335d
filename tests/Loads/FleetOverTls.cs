using Gateway.Hub;
using Gateway.Hub.Accounts;
using Gateway.Hub.Operation;
using Gateway.Hub.Stations;
using Gateway.Loads.Fleet;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Loads.Tests;

/// <summary>A fleet at a hub whose both ports speak TLS under the station's own authority: it provisions itself through the API, and every record is receipted.</summary>
public sealed class FleetOverTls : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;
    private WebApplication _app = null!;
    private HubAddresses _addresses = null!;

    public async ValueTask InitializeAsync()
    {
        CertificateAuthority.Create(PathOf("pki"), "Test station", DateTimeOffset.UtcNow);
        CertificateAuthority.IssueServer(PathOf("pki"), ["127.0.0.1", "localhost"], 30, DateTimeOffset.UtcNow);
        var station = StationLoader.Load(Path.Combine(AppContext.BaseDirectory, "seeds/stations/sumitu.yaml")).Station!;
        _app = HubHost.Build(
            new HubOptions
            {
                DataFolder = PathOf("data"), StationFile = "", AllowVirtualBoards = true,
                Tls = new TlsOptions { CertificateFile = PathOf("pki/server.pem"), KeyFile = PathOf("pki/server.key"), AuthorityFile = PathOf("pki/ca.pem") },
            },
            station);
        _addresses = await HubHost.StartAsync(_app, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Boards_provision_themselves_connect_by_TLS_and_every_record_is_receipted()
    {
        Assert.Equal("https", _addresses.Console.Scheme);
        var result = await new FleetRun(await OptionsAsync(await File.ReadAllTextAsync(PathOf("pki/ca.pem"), TestContext.Current.CancellationToken)), TextWriter.Null)
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, result["unreceipted"]!.GetValue<long>());
        Assert.Equal(0, result["refusals"]!.GetValue<long>());
        Assert.True(result["presses"]!.GetValue<long>() >= 3, "the boards did little: " + result.ToJsonString());
        Assert.Equal(20, result["connects"]!.GetValue<long>() - result["lostLinks"]!.GetValue<long>());
    }

    [Fact]
    public async Task Under_an_authority_that_is_not_trusted_nothing_is_sent()
    {
        var options = await OptionsAsync(authorityPem: null);
        await Assert.ThrowsAsync<HttpRequestException>(() => new FleetRun(options, TextWriter.Null).RunAsync(TestContext.Current.CancellationToken));
    }

    private async Task<FleetOptions> OptionsAsync(string? authorityPem)
    {
        var token = await _app.Services.GetRequiredService<TokenService>().CreateAsync("fleet", [Rights.Read, Rights.Operate, Rights.Provision]);
        return new FleetOptions(
            20, "127.0.0.1", _addresses.MqttPort, _addresses.Console, token.Text, FleetProfile.All["mass-panic"], TimeSpan.FromSeconds(3), Seed: 20261122, AuthorityPem: authorityPem);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
