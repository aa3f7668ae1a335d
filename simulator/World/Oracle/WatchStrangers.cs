using Gateway.Mqtt.Packets;
using Gateway.World.Boards;
using Gateway.World.Hub;

namespace Gateway.World.Oracle;

/// <content>[GW-1], [GW-4]: who does not show a board's own credentials gets in nowhere, hears nothing, and harms nobody.</content>
public sealed partial class Watcher
{
    private const byte BadCredentials = 4;
    private const byte NotAuthorized = 5;

    internal void Knocked(SimulatedBoard board, string who, bool connects, StrangerHeard heard)
    {
        Check("GW-1 refused");
        world.Trace.Add(Kernel.Trace.WorldParty, "stranger", text: who);
        var wasRefused = connects
            ? heard.First is [{ Type: PacketType.ConnAck, Code: BadCredentials or NotAuthorized, SessionPresent: false }]
            : heard.First.Count == 0;
        if (!wasRefused)
        {
            Fail("GW-1", board, $"a stranger with {who} is answered {string.Join(", ", heard.First.Select(static packet => $"{packet.Type} {packet.Code}"))}");
        }
        else if (!heard.IsOver || heard.Then.Count > 0 || !heard.IsForgotten)
        {
            Fail("GW-1", board, $"a stranger with {who} was refused, and {(heard.Then.Count > 0 ? "answered all the same" : "the endpoint keeps the connection")}");
        }
    }
}
