using Gateway.Hub.Ingest;

namespace Gateway.Hub.Delivery;

/// <summary>What <c>hub/status</c> says of a hub (PROTOCOL.md section 11).</summary>
internal static class HubStatus
{
    public static byte[] Of(ulong hub, string run, string state, DateTimeOffset at)
    {
        var writer = new PayloadWriter(stackalloc byte[Topics.DownlinkBytesMax]);
        writer.Text("hub", hub.ToString("x16"));
        writer.Text("run", run);
        writer.Text("state", state);
        writer.Integer("at", at.ToUnixTimeMilliseconds());
        return writer.Close();
    }
}
