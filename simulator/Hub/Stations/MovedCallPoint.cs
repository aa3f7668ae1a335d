namespace Gateway.Hub.Stations;

/// <summary>Where a call point that moves (a yurt police room, a backpack station) stands now, as somebody said. Stays until it is said anew.</summary>
public sealed record MovedCallPoint(string CallPointId, string VillageId, DateTimeOffset At, string By);
