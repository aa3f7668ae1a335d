using Gateway.Hub.Ingest;

namespace Gateway.Hub.Delivery;

/// <summary>Composes what goes down to one board in its session: receipts, notices, commands (PROTOCOL.md sections 7 to 9). It only adds to the effects: nothing leaves before the commit.</summary>
internal sealed class Downlink(CoreState core, GatewayEntry gateway, BoardSession session, MessageKey key)
{
    /// <summary>How long a board may take to get a command before it expires.</summary>
    public const int CommandLifeMs = 60_000;

    public void Receipt(LaneCursor cursor, HubTime now)
    {
        var topic = Topics.Of(gateway.Device, "receipt");
        var writer = Begin(stackalloc byte[Topics.DownlinkBytesMax], ++session.ReceiptN);
        writer.Text("lane", LaneNames.Of(cursor.Lane));
        writer.Text("epoch", cursor.Epoch.ToString("x8"));
        writer.Integer("through", cursor.Through);
        writer.Integer("at", now.Utc.ToUnixTimeMilliseconds());
        core.Publish(topic, writer.Close(key, topic));
    }

    public void Notice(Lane lane, uint epoch, uint seq, string stage, int? etaMin = null, string? reason = null)
    {
        var topic = Topics.Of(gateway.Device, "notice");
        var writer = Begin(stackalloc byte[Topics.DownlinkBytesMax], ++session.NoticeN);
        writer.Text("lane", LaneNames.Of(lane));
        writer.Text("epoch", epoch.ToString("x8"));
        writer.Integer("seq", seq);
        writer.Text("stage", stage);
        if (etaMin is { } minutes)
        {
            writer.Integer("etaMin", minutes);
        }

        if (reason is not null)
        {
            writer.Text("reason", reason);
        }

        core.Publish(topic, writer.Close(key, topic));
    }

    public void Command(string id, GatewayCommand command, HubTime now)
    {
        var topic = Topics.Of(gateway.Device, "command");
        var writer = Begin(stackalloc byte[Topics.DownlinkBytesMax], ++session.CommandN);
        writer.Text("id", id);
        writer.Text("command", command.Name);
        writer.Integer("untilUp", session.BoardUpMs(now.MonotonicMs) + CommandLifeMs);
        switch (command)
        {
            case GatewayCommand.ResetLatch reset:
                writer.Text("lane", LaneNames.Of(reset.Lane));
                writer.Text("epoch", reset.Epoch.ToString("x8"));
                writer.Integer("seq", reset.Seq);
                break;
            case GatewayCommand.Identify identify:
                writer.Integer("seconds", identify.Seconds);
                break;
            case GatewayCommand.Siren siren:
                writer.Integer("seconds", siren.Seconds);
                break;
            case GatewayCommand.Annunciate annunciate:
                writer.Integer("seconds", annunciate.Seconds);
                writer.Integer("pattern", annunciate.Pattern);
                break;
            case GatewayCommand.WatchAlert alert:
                writer.Integer("seconds", alert.Seconds);
                break;
            case GatewayCommand.TestMode test:
                writer.Integer("zone", test.Zone);
                writer.Integer("minutes", test.Minutes);
                break;
        }

        core.Publish(topic, writer.Close(key, topic));
    }

    private PayloadWriter Begin(Span<byte> buffer, long n)
    {
        var writer = new PayloadWriter(buffer);
        writer.Text("hub", core.Identity.HubText);
        writer.Text("session", session.Id.ToString("x16"));
        writer.Integer("n", n);
        return writer;
    }
}
