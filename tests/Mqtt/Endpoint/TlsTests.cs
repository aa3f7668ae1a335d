using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Net.Sockets;
using Gateway.Mqtt.Client;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Packets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Mqtt.Tests.Endpoint;

public sealed class TlsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Kestrels_TLS_goes_below_and_the_policy_sees_the_client_certificate(SslProtocols protocol)
    {
        using X509Certificate2 serverCertificate = SelfSigned("CN=server");
        using X509Certificate2 clientCertificate = SelfSigned("CN=board-7");
        string? seen = null;
        var policy = new SignalPolicy
        {
            Rule = attempt =>
            {
                seen = attempt.ClientCertificate?.Subject;
                return ConnectDecision.Allow(new ClientIdentity(attempt.ClientId, "test"));
            },
        };
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IEndpointPolicy>(policy);
        builder.Services.AddMqttEndpoint();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenMqtt(IPAddress.Loopback, 0, listen => listen.UseHttps(serverCertificate, https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = static (_, _, _) => true;
        })));
        await using WebApplication app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, BareEndpoint.PortOf(app), TestContext.Current.CancellationToken);
        var tls = new SslStream(tcp.GetStream(), false, static (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "server", EnabledSslProtocols = protocol, ClientCertificates = [clientCertificate] },
            TestContext.Current.CancellationToken);
        using var client = new MqttConnection(tls);
        var watch = new ClientWatch(client);
        Assert.Equal(0, await client.ConnectAsync(new ConnectPacket { ClientId = "b" }, LiveEndpoint.Deadline));
        Assert.Equal("CN=board-7", seen);
        await watch.SubscribeAsync(("t", 1));
        client.Publish(new ApplicationMessage("t", new byte[100_000], 1, false));
        Assert.Equal(100_000, (await watch.MessageAsync()).Payload.Length);
    }

    private static X509Certificate2 SelfSigned(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
