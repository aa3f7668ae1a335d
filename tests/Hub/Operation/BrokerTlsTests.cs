using Gateway.Hub.Fleet;
using Gateway.Hub.Operation;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Operation;

/// <summary>The way to Mosquitto over TLS, by user and password: who is trusted, and what is said when somebody is not.</summary>
public sealed class BrokerTlsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly MosquittoBroker _broker;

    public BrokerTlsTests() => _broker = new MosquittoBroker { Authority = Authority };

    private string Authority => Path.Combine(_folder.Path, "ca");

    public void Dispose()
    {
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_hub_that_trusts_the_brokers_authority_speaks_there_and_its_boards_are_told_whom_to_trust()
    {
        await StartBrokerAsync("127.0.0.1");
        await using var app = HubHost.Build(Options(Broker with { AuthorityFile = Path.Combine(Authority, "ca.pem") }), Seeds.Sumitu);
        await HubHost.StartAsync(app, TestContext.Current.CancellationToken);
        var hub = app.Services.GetRequiredService<HubService>();

        var file = await hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        Assert.True(file.Tls);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Authority, "ca.pem"), TestContext.Current.CancellationToken), hub.BoardAuthority);
        await _broker.AddBoardAsync(file);
        using var board = await SocketBoard.ConnectAsync(file.Port, file, secure: SecureAsync);
        await board.NextAsync("hub/status", status => status.GetProperty("state").GetString() == "online");
        board.Publish("status", board.Board.Birth(), retain: true);
        board.Publish("signal", board.Board.Signal(1));
        await board.NextAsync("receipt", receipt => receipt.GetProperty("lane").GetString() == "call" && receipt.GetProperty("through").GetInt64() == 1);
        Assert.Empty(app.Services.GetRequiredService<HubConditions>().All);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_broker_of_another_authority_gets_no_password_and_that_is_said()
    {
        await StartBrokerAsync("127.0.0.1");
        var other = Path.Combine(_folder.Path, "other");
        CertificateAuthority.Create(other, "Somebody else", DateTimeOffset.UtcNow);
        Assert.Contains("certificate", await LostSentenceAsync(Broker with { AuthorityFile = Path.Combine(other, "ca.pem") }));
    }

    [Fact]
    public async Task A_broker_under_another_name_than_its_certificates_is_not_believed()
    {
        await StartBrokerAsync("broker.lan");
        Assert.Contains("certificate", await LostSentenceAsync(Broker with { AuthorityFile = Path.Combine(Authority, "ca.pem") }));
    }

    [Fact]
    public async Task A_wrong_password_is_said_and_not_shown()
    {
        await StartBrokerAsync("127.0.0.1");
        var wrong = Path.Combine(_folder.Path, "wrong-password");
        await File.WriteAllTextAsync(wrong, "not-this-one\n", TestContext.Current.CancellationToken);
        var sentence = await LostSentenceAsync(Broker with { PasswordFile = wrong, AuthorityFile = Path.Combine(Authority, "ca.pem") });
        Assert.Contains("refused with return code 5", sentence);
        Assert.DoesNotContain("not-this-one", sentence);
    }

    private ExternalBrokerOptions Broker => _broker.ForHub(_folder.Path);

    private async Task StartBrokerAsync(string host)
    {
        CertificateAuthority.Create(Authority, "Test station", DateTimeOffset.UtcNow);
        CertificateAuthority.IssueServer(Authority, [host], 30, DateTimeOffset.UtcNow);
        await _broker.StartAsync();
    }

    private HubOptions Options(ExternalBrokerOptions broker) => new() { DataFolder = Path.Combine(_folder.Path, "data"), StationFile = "", Broker = broker };

    /// <summary>What a hub with these options says of its broker.</summary>
    private async Task<string> LostSentenceAsync(ExternalBrokerOptions broker)
    {
        await using var app = HubHost.Build(Options(broker), Seeds.Sumitu);
        var conditions = app.Services.GetRequiredService<HubConditions>();
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        conditions.Changed += (condition, began) =>
        {
            if (began && condition.Name == BrokerClient.LostCondition)
            {
                seen.TrySetResult(condition.Sentence);
            }
        };
        await HubHost.StartAsync(app, TestContext.Current.CancellationToken);
        var sentence = await seen.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);
        return sentence;
    }

    private async Task<Stream> SecureAsync(Stream stream)
    {
        var policy = new System.Security.Cryptography.X509Certificates.X509ChainPolicy
        {
            TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
            RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(Path.Combine(Authority, "ca.pem"));
        var tls = new System.Net.Security.SslStream(stream);
        await tls.AuthenticateAsClientAsync(new System.Net.Security.SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = policy }, TestContext.Current.CancellationToken);
        return tls;
    }
}
