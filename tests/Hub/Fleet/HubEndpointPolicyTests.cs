using System.Text;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Mqtt.Endpoint;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hub.Tests.Fleet;

/// <summary>Who may speak, and about what [GW-1] [GW-4].</summary>
public sealed class HubEndpointPolicyTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private HubService _hub = null!;
    private IEndpointPolicy _policy = null!;
    private ProvisioningFile _one = null!;
    private ProvisioningFile _two = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = HubService.Open(new HubOptions { DataFolder = _folder.Path, StationFile = "" }, Seeds.Sumitu, NullLogger.Instance);
        _policy = _hub.EndpointPolicy();
        _one = await _hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        _two = await _hub.ProvisionAsync("sumitu-02", "test", TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_board_connects_with_its_own_credentials_and_still_does_after_a_restart()
    {
        Assert.Equal("sumitu-01", Connect("sumitu-01", "sumitu-01", _one.Password).Identity!.Name);
        await _hub.DisposeAsync();
        _hub = HubService.Open(new HubOptions { DataFolder = _folder.Path, StationFile = "" }, Seeds.Sumitu, NullLogger.Instance);
        _policy = _hub.EndpointPolicy();
        Assert.Equal("sumitu-01", Connect("sumitu-01", "sumitu-01", _one.Password).Identity!.Name);
    }

    [Fact]
    public async Task Every_other_combination_of_client_id_user_and_password_is_refused()
    {
        var passwords = new Dictionary<string, string> { ["sumitu-01"] = _one.Password, ["sumitu-02"] = _two.Password };
        foreach (var client in new[] { "sumitu-01", "sumitu-02", "sumitu-03", "" })
        {
            foreach (var user in new[] { "sumitu-01", "sumitu-02", null })
            {
                foreach (var password in new[] { _one.Password, _two.Password, "", _one.Password + "x", new string('x', 200) })
                {
                    var mayConnect = client == user && passwords.GetValueOrDefault(client) == password;
                    var decision = Connect(client, user, password);
                    Assert.True(mayConnect == decision.Identity is not null, $"client {client}, user {user}, password {password}");
                    Assert.Equal(mayConnect ? 0 : 4, decision.ReturnCode);
                }
            }
        }

        await _hub.RevokeAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        Assert.Null(Connect("sumitu-01", "sumitu-01", _one.Password).Identity);
    }

    [Fact]
    public async Task Whoever_comes_with_wrong_or_revoked_credentials_is_counted_on_the_page_of_the_board_that_he_says_he_is()
    {
        Assert.Null(Connect("sumitu-01", "sumitu-01", "wrong").Identity);
        Assert.Null(Connect("invented-1", "invented-1", "wrong").Identity);
        Assert.Null(Connect("invented-2", "invented-2", "wrong").Identity);
        await _hub.RevokeAsync("sumitu-02", "test", TestContext.Current.CancellationToken);
        Assert.Null(Connect("sumitu-02", "sumitu-02", _two.Password).Identity);

        Assert.Equal(1, _hub.FindGateway("sumitu-01")!.Refusals[MessageRefusals.BadCredentials]);
        Assert.Equal(1, _hub.FindGateway("sumitu-02")!.Refusals[MessageRefusals.BadCredentials]);
        Assert.Equal(2, _hub.Counters.RefusedCount(IngestCounters.UnknownDevices, MessageRefusals.BadCredentials));
    }

    [Fact]
    public async Task New_credentials_make_the_old_ones_useless()
    {
        var renewed = await _hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken);
        Assert.Null(Connect("sumitu-01", "sumitu-01", _one.Password).Identity);
        Assert.NotNull(Connect("sumitu-01", "sumitu-01", renewed.Password).Identity);
    }

    [Fact]
    public void Of_all_devices_and_topics_a_board_gets_its_own_and_hub_status_GW4()
    {
        string[] leaves = ["signal", "status", "heartbeat", "result", "config/reported", "receipt", "notice", "command", "config", "+", "#", "other"];
        var me = new ClientIdentity("sumitu-01", "sumitu-01");
        foreach (var device in new[] { "sumitu-01", "sumitu-02", "+", "#", "nobody" })
        {
            foreach (var leaf in leaves)
            {
                var topic = $"gw/{device}/{leaf}";
                var mine = device == "sumitu-01";
                Assert.True(_policy.MayPublish(me, topic, false) == (mine && Array.IndexOf(leaves, leaf) < 5), $"publish {topic}");
                Assert.True(_policy.MayPublish(me, topic, true) == (mine && leaf is "status" or "config/reported" && mine), $"publish retained {topic}");
                Assert.True(_policy.MaySubscribe(me, topic) == (mine && leaf is "receipt" or "notice" or "command" or "config" && mine), $"subscribe {topic}");
            }
        }

        foreach (var other in new[] { "hub/status", "#", "+", "gw/#", "gw/+/signal", "$SYS/#", "" })
        {
            Assert.False(_policy.MayPublish(me, other, false), other);
            Assert.True(_policy.MaySubscribe(me, other) == (other == "hub/status"), other);
        }
    }

    [Fact]
    public void A_publish_where_a_board_may_not_is_counted_on_its_page_as_unknown_topic_GW4()
    {
        var me = new ClientIdentity("sumitu-01", "sumitu-01");
        Assert.True(_policy.MayPublish(me, "gw/sumitu-01/signal", false));
        Assert.Empty(_hub.Counters.RefusalsOf("sumitu-01"));

        Assert.False(_policy.MayPublish(me, "gw/sumitu-02/signal", false));
        Assert.False(_policy.MayPublish(me, "gw/sumitu-01/signal", true));

        var refusal = Assert.Single(_hub.Counters.RefusalsOf("sumitu-01"));
        Assert.Equal(("unknown-topic", 2L), (refusal.Key, refusal.Value));
        Assert.Empty(_hub.Counters.RefusalsOf("sumitu-02"));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("UPPER")]
    [InlineData("with space")]
    [InlineData("a/b")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public async Task A_device_id_that_the_protocol_does_not_allow_is_not_provisioned(string device) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _hub.ProvisionAsync(device, "test", TestContext.Current.CancellationToken));

    private ConnectDecision Connect(string client, string? user, string password) =>
        _policy.Authenticate(new ConnectAttempt(client, user, Encoding.ASCII.GetBytes(password), true, null, null));
}
