using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;

namespace Gateway.World.Scenarios;

/// <summary>What happens at the boxes, on the line and to the hub.</summary>
internal static class BoxPhrases
{
    public static ImmutableArray<Phrase> All { get; } =
    [
        Phrase.Do("help is pressed at {place}", static (s, w) => s.Signal(w["place"], ZoneKind.Help, SignalKinds.Help, "alarm")).Live(),
        Phrase.Do("help is pressed {n} times at {place}", static (s, w) => s.Signal(w["place"], ZoneKind.Help, SignalKinds.Help, "alarm", w.Number())),
        Phrase.Do("help is pressed in every room", static (s, _) => EveryRoom(s)),
        Phrase.Do("a silent call is made at {place}", static (s, w) => s.Signal(w["place"], ZoneKind.Silent, SignalKinds.Silent, "alarm")).Live(),
        Phrase.Do("the presser at {place} takes the call back", static (s, w) => s.Signal(w["place"], ZoneKind.Help, SignalKinds.Cancel, "normal")).Live(),
        Phrase.Do("the {zone} sensor at {place} alarms", static (s, w) => s.Signal(w["place"], w.Choice<ZoneKind>("zone"), w["zone"], "alarm")).Live(),
        Phrase.Do("the {zone} sensor at {place} is normal again", static (s, w) => s.Signal(w["place"], w.Choice<ZoneKind>("zone"), w["zone"], "normal")).Live(),
        Phrase.Do("the patrol key is turned at {place}", static (s, w) => s.Signal(w["place"], ZoneKind.Patrol, SignalKinds.Patrol, "normal")).Live(),
        Phrase.Do("the key is turned at {place}, which sounds", static (s, w) => s.Silence(w["place"])).Live(),
        Phrase.Do("the link of {place} falls silent", static (s, w) => Link(s, w["place"], false)).Live(),
        Phrase.Do("the link of {place} is back", static (s, w) => Link(s, w["place"], true)).Live(),
        Phrase.Do("no console can be heard", static (s, _) => Hear(s, 0)),
        Phrase.Do("a console can be heard", static (s, _) => Hear(s, 1)),
        Phrase.Do("the hub loses its power and starts again", static (s, _) =>
        {
            s.Hub.Restart();
            return null;
        }),
        Phrase.Do("{who} moves {place} to {village}", static (s, w) => s.Move(w["who"], w["place"], w["village"])),
        Phrase.Do("time passes", static (_, _) => null).Live(),
        Phrase.Do("{responder} reports from {village}", static (s, w) => s.Hub.Ask((core, now) => core.SetDuty(w["responder"], true, w["village"], "field/" + w["responder"], now)).Refusal),
        Phrase.Do("{responder} goes off duty", static (s, w) => s.Hub.Ask((core, now) => core.SetDuty(w["responder"], false, null, "field/" + w["responder"], now)).Refusal),
        Phrase.Do("{responder} comes on duty", static (s, w) => s.Hub.Ask((core, now) => core.SetDuty(w["responder"], true, null, "field/" + w["responder"], now)).Refusal),
    ];

    private static Refusal? EveryRoom(Scene scene)
    {
        scene.Hub.Send(scene.Hub.Boards.Values.Select(board =>
            (Topics.Of(board.Device, "signal"), board.Signal(board.Board.Zones.First(zone => zone.Kind == ZoneKind.Help), SignalKinds.Help, "alarm", scene.Hub.Now))));
        return null;
    }

    private static Refusal? Link(Scene scene, string place, bool isLinked)
    {
        scene.Link(place, isLinked);
        return null;
    }

    private static Refusal? Hear(Scene scene, int consoles)
    {
        scene.Hub.AudibleConsoles = consoles;
        scene.Hub.Tick();
        return null;
    }
}
