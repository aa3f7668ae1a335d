using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.World.Scenarios;

/// <summary>What happens at the boxes, on the line and to the hub.</summary>
internal static class BoxPhrases
{
    public static ImmutableArray<Phrase> All { get; } =
    [
        Phrase.Do("help is pressed at {place}", static (s, w) => s.Signal(w["place"], ZoneKind.Help, SignalKinds.Help, "alarm")),
        Phrase.Do("help is pressed {n} times at {place}", static (s, w) => s.Signal(w["place"], ZoneKind.Help, SignalKinds.Help, "alarm", w.Number())),
        Phrase.Do("help is pressed in every room", static (s, _) => s.PressEverywhere()),
        Phrase.Do("a silent call is made at {place}", static (s, w) => s.Signal(w["place"], ZoneKind.Silent, SignalKinds.Silent, "alarm")),
        Phrase.Do("the presser at {place} takes the call back", static (s, w) => s.Signal(w["place"], ZoneKind.Help, SignalKinds.Cancel, "normal")),
        Phrase.Do("the {zone} sensor at {place} alarms", static (s, w) => s.Signal(w["place"], w.Choice<ZoneKind>("zone"), w["zone"], "alarm")),
        Phrase.Do("the {zone} sensor at {place} is normal again", static (s, w) => s.Signal(w["place"], w.Choice<ZoneKind>("zone"), w["zone"], "normal")),
        Phrase.Do("the patrol key is turned at {place}", static (s, w) => s.Signal(w["place"], ZoneKind.Patrol, SignalKinds.Patrol, "normal")),
        Phrase.Do("the key is turned at {place}, which sounds", static (s, w) => s.Silence(w["place"])),
        Phrase.Do("the link of {place} falls silent", static (s, w) => Link(s, w["place"], false)),
        Phrase.Do("the link of {place} is back", static (s, w) => Link(s, w["place"], true)),
        Phrase.Do("no console can be heard", static (s, _) => Hear(s, false)),
        Phrase.Do("a console can be heard", static (s, _) => Hear(s, true)),
        Phrase.Do("the hub loses its power and starts again", static (s, _) =>
        {
            s.Hub.Restart();
            return null;
        }).NotLive(LiveLimit.HubPower),
        Phrase.Do("{who} moves {place} to {village}", static (s, w) => s.Move(w["who"], w["place"], w["village"])),
        Phrase.Do("time passes", static (_, _) => null),
        Phrase.Do("{responder} reports from {village}", static (s, w) => s.SayDuty(w["responder"], true, w["village"])),
        Phrase.Do("{responder} goes off duty", static (s, w) => s.SayDuty(w["responder"], false, null)),
        Phrase.Do("{responder} comes on duty", static (s, w) => s.SayDuty(w["responder"], true, null)),
    ];

    private static Refusal? Link(Scene scene, string place, bool isLinked)
    {
        scene.Link(place, isLinked);
        return null;
    }

    private static Refusal? Hear(Scene scene, bool isHeard)
    {
        scene.Hear(isHeard);
        return null;
    }
}
