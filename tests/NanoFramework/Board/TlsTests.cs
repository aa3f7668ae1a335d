using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.NanoFramework.Board;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Exceptions;
using nanoFramework.M2Mqtt.Messages;

namespace Gateway.NanoFramework.Tests.Board;

/// <summary>TLS 1.2 through the M2Mqtt shim to a real TLS server whose certificate a generated CA has signed: that CA is believed, and no other.</summary>
public sealed class TlsTests : IDisposable
{
    readonly VirtualHardware hardware = new();
    readonly ManualResetEvent booted = new(false);
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly X509Certificate2 ca = Authority("CN=a CA of a test");
    readonly X509Certificate2 serverCertificate;
    readonly Incarnation incarnation;
    readonly TaskCompletionSource<SslProtocols> negotiated = new();
    readonly Task served;

    public TlsTests()
    {
        serverCertificate = SignedBy(ca);
        listener.Start();
        served = Task.Run(Serve);
        incarnation = hardware.Boot(_ =>
        {
            booted.Set();
            Thread.CurrentThread.Join();
        });
        Deadline.Wait(booted, "boot");
    }

    public void Dispose()
    {
        hardware.CutPower();
        listener.Stop();
        _ = served.Exception;
        booted.Dispose();
        serverCertificate.Dispose();
        ca.Dispose();
    }

    [Fact]
    public async Task A_server_of_the_provisioned_CA_is_connected_to_with_TLS_1_2()
    {
        Assert.Equal(MqttReasonCode.Success, Connect(ca));
        Assert.Equal(SslProtocols.Tls12, await negotiated.Task.WaitAsync(TimeSpan.FromMilliseconds(Deadline.WaitMs), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_server_of_another_CA_is_refused_before_any_word_of_MQTT()
    {
        using var other = Authority("CN=another CA");
        var refusal = Assert.Throws<MqttConnectionException>(() => Connect(other));
        Assert.IsType<AuthenticationException>(refusal.InnerException);
    }

    MqttReasonCode Connect(X509Certificate2 trusted)
    {
        using var scope = incarnation.Scope();
        var client = new MqttClient("127.0.0.1");
        client.Init("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, true, Encoding.UTF8.GetBytes(trusted.ExportCertificatePem() + "\0"), null!, MqttSslProtocols.TLSv1_2);
        return client.Connect("sumitu-01", "sumitu-01", "a-password-of-a-test", true, MqttQoSLevel.AtMostOnce, false, null!, null!, true, 10);
    }

    /// <summary>One TLS connection; answers CONNECT with CONNACK, and stays until the board goes or refuses.</summary>
    async Task Serve()
    {
        using var tcp = await listener.AcceptTcpClientAsync();
        using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsServerAsync(serverCertificate);
        var buffer = new byte[1024];
        _ = await tls.ReadAsync(buffer);
        await tls.WriteAsync(new byte[] { 0x20, 2, 0, 0 });
        negotiated.SetResult(tls.SslProtocol);
        _ = await tls.ReadAsync(buffer);
    }

    static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    static X509Certificate2 SignedBy(X509Certificate2 ca)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hub", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(ca, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3]);
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }
}
