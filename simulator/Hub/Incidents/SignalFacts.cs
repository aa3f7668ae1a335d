namespace Gateway.Hub.Incidents;

/// <summary>The identity of a signal: one record of one journal of one board.</summary>
/// <param name="Lane"><c>call</c>, <c>event</c> or <c>volatile</c>.</param>
public readonly record struct SignalIdentity(string Device, string Lane, uint Epoch, uint Sequence)
{
    public override string ToString() => $"{Device}/{Lane}/{Epoch:x8}/{Sequence}";
}

/// <summary>What the incident rules need to know of a committed signal.</summary>
/// <param name="Kind">As it came over the wire; an unknown one is legal [GW-24].</param>
/// <param name="State">As it came over the wire.</param>
/// <param name="Call">Sequence of the first press of the latched call it belongs to; 0 when there is none in this lane and epoch.</param>
/// <param name="Count">Presses counted on that call so far, this one included.</param>
/// <param name="OccurredAt">When it happened; null when that is not known.</param>
/// <param name="ReceivedAt">The hub's clock at its arrival.</param>
/// <param name="Late">It came more than 20 s after it happened, or nobody knows [GW-26].</param>
/// <param name="Test">Made under test: alerts and dispatches nobody.</param>
/// <param name="Conflict">Its identity came before with other bytes [GW-17]: a new call.</param>
public sealed record SignalFacts(
    SignalIdentity Identity, string Kind, int Zone, string State, uint Call, int Count, int Value, string Detail,
    DateTimeOffset? OccurredAt, DateTimeOffset ReceivedAt, bool Late, bool Test, bool Conflict);
