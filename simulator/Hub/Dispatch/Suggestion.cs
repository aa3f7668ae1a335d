using System.Collections.Immutable;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Dispatch;

/// <summary>Where a responder is and what they are doing now. Lives for the shift only.</summary>
/// <param name="VillageId">Last known place of this shift; the home village at its start.</param>
/// <param name="BusyWith">Open incidents that they are sent to and that are not handled.</param>
public sealed record ResponderState(string ResponderId, bool OnDuty, string VillageId, int BusyWith);

/// <summary>One reason of a suggestion, in plain words.</summary>
/// <param name="Key">Stable name of the reason, for programs.</param>
public sealed record Reason(string Key, LocalText Text);

/// <summary>A responder who could go, best first.</summary>
/// <param name="Rank">1 or above.</param>
/// <param name="EtaMinutes">Getting ready and the way, rounded up; 0..1,440.</param>
/// <param name="Recommended">Among those whom the rules would send now: the first able person, and the nearest officer where that is another.</param>
public sealed record Suggestion(Responder Responder, int Rank, TravelMeans Means, double Km, int EtaMinutes, bool Recommended, ImmutableArray<Reason> Reasons);
