using System.IO.Hashing;
using Gateway.Hub.Fleet;
using Gateway.Hub.Ingest;

namespace Gateway.Hub.Delivery;

/// <summary>Composes the desired configuration of a board (PROTOCOL.md section 10). It needs no session: its own rising version orders it [GW-41].</summary>
internal static class ConfigurationPayload
{
    public static OutgoingMessage Of(string device, string hub, DesiredConfiguration desired, MessageKey key)
    {
        var topic = Topics.Of(device, "config");
        var writer = new PayloadWriter(stackalloc byte[Topics.ConfigBytesMax]);
        writer.Text("hub", hub);
        writer.Integer("schema", SettingRules.Schema);
        writer.Integer("version", desired.Version);
        foreach (var (name, value) in desired.Settings.Members)
        {
            switch (value)
            {
                case bool flag:
                    writer.Boolean(name, flag);
                    break;
                case long number:
                    writer.Integer(name, number);
                    break;
                default:
                    writer.Text(name, (string)value);
                    break;
            }
        }

        return new OutgoingMessage(topic, writer.Close(key, topic), Retain: true);
    }

    /// <summary>What tells two configurations of one version apart, whatever key signs them: a report names it as `sum`.</summary>
    public static uint SumOf(OutgoingMessage configuration) => Crc32.HashToUInt32(configuration.Payload.AsSpan()[..^MessageKey.TailBytes]);
}
