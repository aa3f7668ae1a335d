using System.Collections.Immutable;
using System.Text;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Webhooks;

/// <summary>The events that leave the hub. Part of the API: never renamed.</summary>
public static class WebhookEvents
{
    /// <summary>A person is to be told: for the station's message gateway. The only event with a telephone number and a text.</summary>
    public const string Message = "message.send";

    public const string Opened = "incident.opened";
    public const string Changed = "incident.changed";
    public const string Escalated = "incident.escalated";
    public const string Closed = "incident.closed";

    public static ImmutableArray<string> All { get; } = [Message, Opened, Changed, Escalated, Closed];
}

/// <summary>Where events go.</summary>
/// <param name="Name">1..32 of <c>a-z 0-9 -</c>.</param>
/// <param name="Url">HTTPS; plain HTTP to this machine only.</param>
/// <param name="Secret">Key of the signature, at least <see cref="SecretBytesMin"/> bytes. Stands in the configuration, never in the database or an answer.</param>
/// <param name="Events">Of <see cref="WebhookEvents"/>.</param>
public sealed record WebhookTarget(string Name, Uri Url, ReadOnlyMemory<byte> Secret, ImmutableArray<string> Events)
{
    public const int SecretBytesMin = 16;

    /// <summary>Stations, or levels above, whose events it gets; empty for all of the hub.</summary>
    public ImmutableArray<string> Units { get; init; } = [];

    public bool Wants(string name) => Events.Contains(name);

    public bool IsOf(Station station) => Units.IsEmpty || Units.Contains(station.Id) || station.Above.Any(level => Units.Contains(level.Id));

    // The compiler's own text would print the secret's type only; the address may hold a token all the same.
    public override string ToString() => $"{Name} ({Url.Host})";
}

/// <summary>A delivery that waits: written in the transaction of what it tells.</summary>
/// <param name="Body">JSON, at most 4 KiB; emptied once it is delivered or given up.</param>
public sealed record Outgoing(long Id, string Target, string Event, string Body, DateTimeOffset At, long IncidentId, string ResponderId)
{
    /// <summary>Deliveries that wait at once, over all targets. Full policy: a further one is given up at once, and that is shown.</summary>
    public const int WaitingMax = 10_000;

    /// <summary>How long a delivery that is over is remembered, without its body.</summary>
    public const int KeptDays = 7;
}

/// <summary>The signature that proves a delivery.</summary>
public static class WebhookSignature
{
    public const string Header = "X-Gateway-Signature";
    public const string DeliveryHeader = "X-Gateway-Delivery";

    /// <summary><c>t=UNIX_SECONDS,v1=HEX</c>: HMAC-SHA256 with the secret over the seconds, a dot and the body. A receiver refuses what is older than five minutes.</summary>
    public static string Of(ReadOnlySpan<byte> secret, string body, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds();
        return $"t={seconds},v1={Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{seconds}.{body}")))}";
    }
}
