using System.ComponentModel;

namespace Gateway.Cli.Demo;

/// <summary>What can be seen of one virtual board: the level of its pins, what its plugs are in, what its journal still holds.</summary>
internal sealed record BoardState
{
    [Description("Device id, as on the wire.")]
    public required string Id { get; init; }

    [Description("Power plug is in (or the backup battery carries the box); false after a pulled plug.")]
    public required bool Powered { get; init; }

    [Description("Network cable is plugged in.")]
    public required bool Connected { get; init; }

    [Description("The path from the plug to the hub: good, slow, lossy, trickle or dead.")]
    public required string Path { get; init; }

    [Description("Mains is present at the mains-sense input.")]
    public required bool Mains { get; init; }

    [Description("Each digital input by name: true is asserted (button pressed, contact open, key turned).")]
    public required IReadOnlyDictionary<string, bool> Inputs { get; init; }

    [Description("Each supervised loop by name (loop1 to loop4, helpLoop): normal, alarm, open, short.")]
    public required IReadOnlyDictionary<string, string> Loops { get; init; }

    [Description("Each lamp by name: journalled, received, accepted, onTheWay, health.")]
    public required IReadOnlyDictionary<string, bool> Lamps { get; init; }

    [Description("The buzzer sounds now.")]
    public required bool Buzzer { get; init; }

    [Description("The siren relay is on now.")]
    public required bool Siren { get; init; }

    [Description("MQTT link as the firmware sees it: down, connecting or up.")]
    public required string Link { get; init; }

    [Description("Calls in the journal that no receipt covers yet.")]
    public required int CallBacklog { get; init; }

    [Description("Events in the journal that no receipt covers yet.")]
    public required int EventBacklog { get; init; }

    [Description("How many times this board has been powered on.")]
    public required long Boot { get; init; }

    [Description("What the lamps say of the latched call: idle, journalled, received, accepted, dispatched, enRoute, onScene, closed, cancelled, undelivered; off without power.")]
    public required string Stage { get; init; }

    [Description("Virtual pin edge of the newest help press to the rising edge of the lamp 'the station has it', debounce included, in ms, stamped by the virtual board; null before the first.")]
    public required double? LastPressToReceivedMs { get; init; }
}
