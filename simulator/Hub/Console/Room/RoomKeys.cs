namespace Gateway.Hub.Console.Room;

/// <summary>The key map, as the room shows it and the help explains it. A step's key is in <see cref="IncidentSteps"/>; a test holds the two together.</summary>
public static class RoomKeys
{
    /// <summary>What the bar under the room shows: the way of every call, and the moves. Every other step stands on its button with its key.</summary>
    public static IEnumerable<(string Key, string Word)> Bar => All.Where(entry => "ADERHPFX↓↑T".Contains(entry.Key, StringComparison.Ordinal));

    public static readonly IReadOnlyList<(string Key, string Word)> All =
    [
        ("A", "do.accept"), ("D", "do.dispatch"), ("E", "do.enroute"), ("R", "do.arrive"), ("H", "do.handle"), ("P", "do.report"), ("F", "do.followup"),
        ("W", "do.waive"), ("X", "do.close"), ("C", "do.callback"), ("S", "do.assess"), ("N", "do.release"), ("U", "do.undo"), ("K", "do.seen"),
        ("M", "do.mediate"), ("V", "do.mediated"), ("Z", "do.mediationvisit"), ("J", "do.case"), ("B", "do.casetaken"), ("Y", "do.casefeedback"),
        ("G", "do.merge"), ("I", "do.unmerge"), ("L", "do.split"), ("O", "do.note"), ("Q", "do.reopen"), ("1", "do.joint"),
        ("↓", "key.next"), ("↑", "key.previous"), ("T", "key.top"),
    ];
}
