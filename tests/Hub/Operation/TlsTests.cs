using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gateway.Hub.Accounts;
using Gateway.Hub.Fleet;
using Gateway.Hub.Operation;
using Gateway.Hub.Tests.Api;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Mqtt.Tests.Interop;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Tests.Operation;

/// <summary>Both ports with certificates of the station's own authority, over real sockets and with other people's clients.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private WebApplication? _app;
    private HubAddresses _addresses = null!;
    private ProvisioningFile _file = null!;

    public ValueTask InitializeAsync()
    {
        CertificateAuthority.Create(Authority, "Test station", DateTimeOffset.UtcNow);
        CertificateAuthority.IssueServer(Authority, ["127.0.0.1", "localhost"], 30, DateTimeOffset.UtcNow);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_press_over_TLS_is_committed_and_receipted(SslProtocols protocol)
    {
        await StartAsync();
        using var board = await ConnectAsync(protocol: protocol);
        board.Publish("status", board.Board.Birth(isVirtual: true), retain: true);
        await board.PublishAckedAsync("signal", board.Board.Signal(1));

        Assert.Equal(1, (await board.NextAsync("receipt", m => m.GetProperty("lane").GetString() == "call" && m.GetProperty("through").GetInt64() == 1)).GetProperty("through").GetInt64());
    }

    [Fact]
    public async Task A_provisioned_board_is_told_to_speak_TLS_and_whom_to_trust()
    {
        await StartAsync();
        Assert.True(_file.Tls);
        Assert.Equal(await File.ReadAllTextAsync(PathOf("ca.pem"), TestContext.Current.CancellationToken), _app!.Services.GetRequiredService<HubService>().BoardAuthority);
    }

    [Fact]
    public async Task Older_protocols_are_refused()
    {
        await StartAsync();
#pragma warning disable SYSLIB0039 // that is what is tried
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(protocol: SslProtocols.Tls11));
#pragma warning restore SYSLIB0039
    }

    [Fact]
    public async Task A_client_that_speaks_TLS_1_1_at_most_is_answered_by_the_alert_of_the_server()
    {
        // By its bytes, because no library of this machine would send it: ClientHello of TLS 1.1, three old cipher suites, curve P-256.
        byte[] hello =
        [
            0x03, 0x02, .. new byte[32], 0x00, 0x00, 0x06, 0xC0, 0x09, 0xC0, 0x13, 0x00, 0x2F, 0x01, 0x00,
            0x00, 0x0E, 0x00, 0x0A, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17, 0x00, 0x0B, 0x00, 0x02, 0x01, 0x00,
        ];
        await StartAsync();
        foreach (var port in new[] { _addresses.MqttPort, _addresses.Console.Port })
        {
            using var tcp = new System.Net.Sockets.TcpClient();
            await tcp.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            await tcp.GetStream().WriteAsync((byte[])[0x16, 0x03, 0x01, 0x00, (byte)(hello.Length + 4), 0x01, 0x00, 0x00, (byte)hello.Length, .. hello], TestContext.Current.CancellationToken);
            var answer = new byte[7];
            await tcp.GetStream().ReadExactlyAsync(answer, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

            // A record of type alert (21): fatal (2), protocol_version (70).
            Assert.Equal((21, 2, 70), (answer[0], answer[5], answer[6]));
        }
    }

    [Fact]
    public async Task The_console_speaks_HTTPS_with_the_same_certificate()
    {
        await StartAsync();
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = Trusting(Authority) } };
        using var http = new HttpClient(handler);

        using var answer = await http.GetAsync(new Uri(_addresses.Console, "/health"), TestContext.Current.CancellationToken);

        Assert.Equal("https", _addresses.Console.Scheme);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Over_HTTPS_the_session_cookie_never_leaves_it()
    {
        await StartAsync();
        var accounts = _app!.Services.GetRequiredService<AccountService>();
        Assert.True((await accounts.SetUpAsync(accounts.CreateSetupKey(), ConsoleHost.Name, ConsoleHost.Password)).Done);
        using var handler = new SocketsHttpHandler { UseCookies = false, SslOptions = { CertificateChainPolicy = Trusting(Authority) } };
        using var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Add(ForgeryGuard.Header, "1");

        using var answer = await http.PostAsJsonAsync(
            new Uri(_addresses.Console, "/api/session"), new { name = ConsoleHost.Name, password = ConsoleHost.Password }, TestContext.Current.CancellationToken);

        var flags = Assert.Single(answer.Headers.GetValues("Set-Cookie")).ToLowerInvariant().Split(';', StringSplitOptions.TrimEntries);
        Assert.Superset(new HashSet<string> { "secure", "httponly", "samesite=strict" }, flags.ToHashSet());
    }

    [Fact]
    public async Task Mosquitto_clients_talk_TLS_with_and_without_a_certificate_and_only_their_own_comes_in()
    {
        Tool.Require("mosquitto_sub", "apt-get install mosquitto-clients");
        await StartAsync(ClientCertificates.Optional);
        CertificateAuthority.IssueDevice(Authority, "sumitu-01", 30, DateTimeOffset.UtcNow);
        CertificateAuthority.IssueDevice(Authority, "sumitu-02", 30, DateTimeOffset.UtcNow);
        string[] place = ["-V", "mqttv311", "-h", "127.0.0.1", "-p", $"{_addresses.MqttPort}", "--cafile", PathOf("ca.pem"), "-i", _file.Device, "-u", _file.Device, "-P", _file.Password];

        using (var without = Tool.Start("mosquitto_sub", [.. place, "-t", "hub/status", "-C", "1"]))
        {
            Assert.Contains("\"state\":\"online\"", await without.FinishAsync());
        }

        using (var own = Tool.Start("mosquitto_sub", [.. place, "--cert", PathOf("sumitu-01.pem"), "--key", PathOf("sumitu-01.key"), "-t", "hub/status", "-C", "1"]))
        {
            Assert.Contains("\"state\":\"online\"", await own.FinishAsync());
        }

        using var foreign = Tool.Start("mosquitto_sub", [.. place, "--cert", PathOf("sumitu-02.pem"), "--key", PathOf("sumitu-02.key"), "-t", "hub/status", "-C", "1"]);
        await foreign.PrintsAsync("not authori");
    }

    [Fact]
    public async Task With_required_certificates_nobody_comes_in_without_one_of_the_stations_authority()
    {
        await StartAsync(ClientCertificates.Required);
        var other = Path.Combine(_folder.Path, "other");
        CertificateAuthority.Create(other, "Somebody else", DateTimeOffset.UtcNow);
        CertificateAuthority.IssueDevice(other, "sumitu-01", 30, DateTimeOffset.UtcNow);
        CertificateAuthority.IssueDevice(Authority, "sumitu-01", 30, DateTimeOffset.UtcNow);

        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(Path.Combine(other, "sumitu-01")));

        // A server's certificate is not for clients.
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(PathOf("server")));
        using var board = await ConnectAsync(PathOf("sumitu-01"));
        Assert.Equal("online", (await board.NextAsync("hub/status")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_new_certificate_is_taken_up_without_dropping_a_connection_and_a_bad_one_is_called_out()
    {
        await StartAsync();
        using var old = await ConnectAsync();
        var first = await SerialAsync();

        await File.WriteAllTextAsync(PathOf("server.pem"), "half a copy", TestContext.Current.CancellationToken);
        Assert.Equal(first, await SerialAsync(unlike: ""));
        await WaitAsync(async () =>
        {
            await SerialAsync();
            return Conditions.All.Any(condition => condition.Name == ServerCertificates.UnreadableCondition);
        });

        CertificateAuthority.IssueServer(Authority, ["127.0.0.1"], 60, DateTimeOffset.UtcNow);
        Assert.NotEqual(first, await SerialAsync(unlike: first));
        Assert.DoesNotContain(Conditions.All, condition => condition.Name == ServerCertificates.UnreadableCondition);
        await old.PublishAckedAsync("status", old.Board.Birth(isVirtual: true));
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_is_a_condition()
    {
        CertificateAuthority.IssueServer(Authority, ["127.0.0.1"], ServerCertificates.WarnDays - 1, DateTimeOffset.UtcNow);
        await StartAsync();
        Assert.Contains(Conditions.All, condition => condition.Name == ServerCertificates.ExpiresCondition);
    }

    [Fact]
    public void A_key_that_does_not_fit_is_one_clear_sentence_at_the_start()
    {
        File.Copy(PathOf("ca.key"), PathOf("server.key"), overwrite: true);
        var e = Assert.Throws<CertificateException>(() => HubHost.Build(Options(ClientCertificates.None), Seeds.Sumitu));
        Assert.Contains("cannot be used", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void A_second_authority_in_the_folder_is_refused() =>
        Assert.Contains("is there already", Assert.Throws<CertificateException>(() => CertificateAuthority.Create(Authority, "again", DateTimeOffset.UtcNow)).Message);

    private string Authority => Path.Combine(_folder.Path, "ca");

    private HubConditions Conditions => _app!.Services.GetRequiredService<HubConditions>();

    private string PathOf(string name) => Path.Combine(Authority, name);

    private HubOptions Options(ClientCertificates asks) => new()
    {
        DataFolder = Path.Combine(_folder.Path, "data"), StationFile = "", AllowVirtualBoards = true,
        Tls = new TlsOptions
        {
            CertificateFile = PathOf("server.pem"), KeyFile = PathOf("server.key"), AuthorityFile = PathOf("ca.pem"), ClientAuthorityFile = PathOf("ca.pem"), ClientCertificates = asks,
        },
    };

    private async Task StartAsync(ClientCertificates asks = ClientCertificates.None)
    {
        _app = HubHost.Build(Options(asks), Seeds.Sumitu);
        _addresses = await HubHost.StartAsync(_app, TestContext.Current.CancellationToken);
        _file = await _app.Services.GetRequiredService<HubService>().ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
    }

    private Task<SocketBoard> ConnectAsync(string? certificate = null, SslProtocols protocol = SslProtocols.None) =>
        SocketBoard.ConnectAsync(_addresses.MqttPort, _file, secure: stream => SecureAsync(stream, certificate, protocol));

    private async Task<Stream> SecureAsync(Stream stream, string? certificate, SslProtocols protocol)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1", EnabledSslProtocols = protocol, CertificateChainPolicy = Trusting(Authority),
                ClientCertificates = certificate is null ? [] : [LoadPair(certificate)],
            },
            TestContext.Current.CancellationToken);
        return tls;
    }

    private static X509Certificate2 LoadPair(string path)
    {
        using var pair = X509Certificate2.CreateFromPemFile(path + ".pem", path + ".key");
        return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
    }

    private static X509ChainPolicy Trusting(string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(Path.Combine(authority, "ca.pem"));
        return policy;
    }

    /// <summary>The serial number that a new connection is shown; if asked, once it is another.</summary>
    private async Task<string> SerialAsync(string? unlike = null)
    {
        var serial = "";
        await WaitAsync(async () =>
        {
            using var tcp = new System.Net.Sockets.TcpClient();
            await tcp.ConnectAsync("127.0.0.1", _addresses.MqttPort);
            await using var tls = new SslStream(tcp.GetStream());
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = Trusting(Authority) });
            serial = tls.RemoteCertificate!.GetSerialNumberString();
            return serial != unlike;
        });
        return serial;
    }

    /// <summary>Asks again until it is so; the hub looks at its files once a second, by its own clock.</summary>
    private static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await isSo())
        {
            deadline.Token.ThrowIfCancellationRequested();
        }
    }
}
