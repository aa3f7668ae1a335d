using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Runtime.CompilerServices;
using Gateway.Mqtt.Endpoint;
using Gateway.Mqtt.Tests.Conformance;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Mqtt.Tests.Interop;

/// <summary>
/// Other people's libraries, each driven by a small program of ours in Clients/ that does the same eight things and says of each whether it went right: QoS 0, 1 and 2
/// there and back, retained messages, a will, takeover, a session that missed something, overlapping subscriptions, a burst of 500 QoS 2 messages, TLS.
/// </summary>
public sealed class ClientProgramTests : IAsyncLifetime
{
    private static readonly string[] Things = ["qos ok", "retained ok", "will ok", "takeover ok", "session ok", "overlap ok", "burst ok", "tls ok"];

    private readonly string folder = Directory.CreateTempSubdirectory("gateway-clients-").FullName;
    private WebApplication app = null!;
    private string[] place = [];

    public async ValueTask InitializeAsync()
    {
        using X509Certificate2 certificate = Certificate();
        string authority = Path.Combine(folder, "ca.pem");
        await File.WriteAllTextAsync(authority, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        X509Certificate2 served = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IEndpointPolicy>(new OpenPolicy());
        builder.Services.AddMqttEndpoint();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenMqtt(IPAddress.Loopback, 0);
            kestrel.ListenMqtt(IPAddress.Loopback, 0, listen => listen.UseHttps(served));
        });
        app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        int[] ports = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(static address => new Uri(address).Port)];
        place = [$"{ports[0]}", $"{ports[1]}", authority];
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Proves("MQTT-7.0.0-2", "MQTT-3.3.5-1")]
    public async Task Paho_for_C_does_everything_and_survives_a_burst_of_QoS_2()
    {
        Tool.Require("gcc", "apt-get install gcc libc6-dev");
        Tool.Require("/usr/include/MQTTClient.h", "apt-get install libpaho-mqtt-dev");
        string program = Path.Combine(folder, "paho_c");
        using (Tool compiler = Tool.Start("gcc", "-Wall", "-Werror", ClientFile("paho_c.c"), "-o", program, "-lpaho-mqtt3cs"))
            await compiler.FinishAsync();
        using Tool client = Tool.Start(program, place);
        AssertAll(await client.FinishAsync());
    }

    [Fact]
    [Proves("MQTT-7.0.0-2", "MQTT-3.3.5-1")]
    public async Task Paho_for_Python_does_everything_and_survives_a_burst_of_QoS_2()
    {
        const string python = "/usr/bin/python3";
        const string install = "apt-get install python3-paho-mqtt";
        Tool.Require(python, install);
        using (Tool probe = Tool.Start(python, "-c", "import importlib.util as u; print('paho', u.find_spec('paho') is not None)"))
            Assert.SkipUnless((await probe.FinishAsync()).Contains("True", StringComparison.Ordinal), $"paho is not installed: {install}");
        using Tool client = Tool.Start(python, [ClientFile("paho_python.py"), .. place]);
        AssertAll(await client.FinishAsync());
    }

    [Fact]
    [Proves("MQTT-7.0.0-2", "MQTT-3.3.5-1")]
    public async Task MQTT_js_does_everything_and_survives_a_burst_of_QoS_2()
    {
        const string install = "npm install -g mqtt";
        Tool.Require("node", "apt-get install nodejs");
        Tool.Require("mqtt", install);
        string? program = File.ResolveLinkTarget(Tool.Find("mqtt")!, returnFinalTarget: true)?.FullName;
        DirectoryInfo? package = program is null ? null : Directory.GetParent(program);
        while (package is not null && package.Name != "mqtt")
            package = package.Parent;
        Assert.SkipWhen(package is null, $"the package of the program mqtt was not found: {install}");
        using Tool client = Tool.Start("node", [ClientFile("mqtt_js.cjs"), .. place, package.FullName]);
        AssertAll(await client.FinishAsync());
    }

    private static void AssertAll(string printed) => Assert.Equal(Things, printed.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static string ClientFile(string name, [CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Clients", name);

    /// <summary>Its own authority, for 127.0.0.1.</summary>
    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
