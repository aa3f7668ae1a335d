using System.Net;
using Gateway.Hub.Operation;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Mqtt.Endpoint;

namespace Gateway.Hub.Tests.Operation;

/// <summary>The configuration file of a production hub: strict, with every offence by line.</summary>
public sealed class HubConfigurationTests
{
    private const string Smallest = """
        format: 1
        data: data
        station: station.yaml
        console:
          port: 8443
        mqtt:
          port: 8883
        """;

    [Fact]
    public void The_example_file_is_good_and_shows_every_member()
    {
        var options = HubConfiguration.Load(Path.Combine(Seeds.Folder, "..", "simulator", "Hub", "Operation", "hub.example.yaml"));

        Assert.Equal(IPAddress.Any, options.BindAddress);
        Assert.Equal((443, 8_883), (options.ConsolePort, options.MqttPort));
        Assert.NotNull(options.Tls?.ClientAuthorityFile);
        Assert.Equal("/var/lib/gateway-hub/audit-heads", options.AuditHeadsFolder);
        Assert.Equal((24, 14), (options.Backup!.EveryHours, options.Backup.Keep));
        Assert.Equal(1L << 30, options.DiskWarnBytes);
        Assert.False(options.AllowPlainTcpOnNetwork);
        Assert.False(options.AllowVirtualBoards);
        Assert.Equal(TimeProvider.System, options.TimeProvider);
    }

    [Fact]
    public void Every_bound_of_the_endpoint_may_be_set_and_the_example_shows_each_at_its_default()
    {
        var example = File.ReadAllText(Path.Combine(Seeds.Folder, "..", "simulator", "Hub", "Operation", "hub.example.yaml"));
        Assert.Equal(HubOptions.MqttLimitsDefault, HubConfiguration.Read(example, "hub.yaml", "/").MqttLimits);
        Assert.All(LimitRange.All, limit =>
        {
            Assert.Contains($"\n    {limit.Name}: {limit.Get(HubOptions.MqttLimitsDefault)}\n", example, StringComparison.Ordinal);
            var members = $"{limit.Name}: {limit.Min}";

            // What is a part of it has to shrink with it.
            foreach (var (whole, part) in new[]
            {
                ("maxPacketBytes", "maxConnectPacketBytes"), ("maxConnections", "maxAwaitingConnectPerAddress"), ("maxSessions", "maxConnections"), ("maxQueuedBytes", "maxQueuedBytesPerSession"),
            })
            {
                members += limit.Name == whole ? $", {part}: {limit.Min}" : "";
            }

            members += limit.Name == "maxSessions" ? ", maxAwaitingConnectPerAddress: 1" : "";
            var set = HubConfiguration.Read($"{Smallest}\n  limits: {{ {members} }}\n", "hub.yaml", "/").MqttLimits;
            Assert.Equal(limit.Min, limit.Get(set));
        });
    }

    [Fact]
    public void The_smallest_file_listens_on_loopback_only_and_its_paths_are_relative_to_it()
    {
        var options = HubConfiguration.Read(Smallest, "hub.yaml", "/etc/hub");

        Assert.Equal(IPAddress.Loopback, options.BindAddress);
        Assert.Equal(IPAddress.Loopback, options.MqttBindAddress);
        Assert.Null(options.Tls);
        Assert.Equal(Path.GetFullPath("/etc/hub/data"), options.DataFolder);
    }

    [Theory]
    [InlineData("  limits: { maxConnections: 0 }", "`maxConnections` must be a whole number from 1 to 1000000, not `0`")]
    [InlineData("  limits: { maxInFlightPerSession: many }", "`maxInFlightPerSession` must be a whole number from 1 to 10000, not `many`")]
    [InlineData("  limits: { maxSession: 5 }", "`maxSession` is not known here")]
    [InlineData("  limits: { maxConnections: 50000 }", "`maxConnections` (50000) must not be above `maxSessions` (40000)")]
    [InlineData("  limits: 5", "`limits` must be a mapping")]
    [InlineData("consolle: 1", "hub.yaml:8: `consolle` is not known here; known are: auditHeads, backup, broker, console, data, diskWarnMegabytes, format, host, languages, mqtt, "
        + "plainTcpOnNetwork, station, stations, telemetry, tls, wordsKeptDays.")]
    [InlineData("diskWarnMegabytes: 1", "`diskWarnMegabytes` must be a whole number from 16 to 1000000")]
    [InlineData("plainTcpOnNetwork: perhaps", "must be true or false")]
    [InlineData("broker: { host: b, port: 1883 }", "Exactly one of `mqtt`")]
    [InlineData("tls: { certificate: a }", "`key` is missing")]
    [InlineData("backup: { folder: b, everyHours: 0 }", "`everyHours` must be a whole number from 1 to 168")]
    public void An_offence_is_named_with_its_line_and_its_bounds(string line, string expected)
    {
        var e = Assert.Throws<ConfigurationException>(() => HubConfiguration.Read(Smallest + "\n" + line, "hub.yaml", "/"));
        Assert.Contains(expected, e.Message);
    }

    [Fact]
    public void Certificates_of_clients_need_TLS_and_an_authority()
    {
        var asks = Smallest + "\n  clientCertificates: required\n";
        Assert.Contains("needs `tls`", Assert.Throws<ConfigurationException>(() => HubConfiguration.Read(asks, "hub.yaml", "/")).Message);
        Assert.Contains(
            "`clientAuthority` is missing", Assert.Throws<ConfigurationException>(() => HubConfiguration.Read(asks + "tls: { certificate: a, key: b }", "hub.yaml", "/")).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_one_clear_sentence() =>
        Assert.Contains("cannot be read", Assert.Throws<ConfigurationException>(() => HubConfiguration.Load("/nowhere/hub.yaml")).Message);

    [Theory]
    [InlineData("broker.lan", false)]
    [InlineData("192.0.2.7", false)]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    public void A_broker_on_the_network_is_met_over_TLS_unless_plain_TCP_is_switched_on_by_name(string host, bool may)
    {
        using var folder = new TempFolder();
        var options = new HubOptions { DataFolder = folder.Path, StationFile = "", Broker = new ExternalBrokerOptions { Host = host, Port = 1_883 } };
        if (may)
        {
            using var local = (IDisposable)HubHost.Build(options, Seeds.Sumitu);
            return;
        }

        Assert.Contains("Plain TCP to the broker", Assert.Throws<ConfigurationException>(() => HubHost.Build(options, Seeds.Sumitu)).Message);
        using var allowed = (IDisposable)HubHost.Build(options with { AllowPlainTcpOnNetwork = true }, Seeds.Sumitu);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.7")]
    public void Plain_TCP_on_a_network_is_refused_unless_it_is_switched_on_by_name(string address)
    {
        using var folder = new TempFolder();
        var options = new HubOptions { DataFolder = folder.Path, StationFile = "", MqttBindAddress = IPAddress.Parse(address) };

        Assert.Contains("plainTcpOnNetwork", Assert.Throws<ConfigurationException>(() => HubHost.Build(options, Seeds.Sumitu)).Message);
        using var allowed = (IDisposable)HubHost.Build(options with { AllowPlainTcpOnNetwork = true }, Seeds.Sumitu);
    }
}
