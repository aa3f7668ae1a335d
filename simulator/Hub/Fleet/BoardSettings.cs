using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Gateway.Hub.Fleet;

/// <summary>
/// A flat set of settings: names, and values that are <see cref="bool"/>, <see cref="long"/> or <see cref="string"/>. A setting that is not in it has the
/// board's default. Whether a board would take them is <see cref="SettingRules"/>' to say.
/// </summary>
public sealed record BoardSettings(ImmutableSortedDictionary<string, object> Members)
{
    /// <summary>More members than any set of rules has; a flat payload of the protocol has 48 in all [GW-6].</summary>
    public const int MembersMax = 48;

    public static readonly BoardSettings Empty = new(ImmutableSortedDictionary.Create<string, object>(StringComparer.Ordinal));

    /// <summary>Reads what a person or a program sent; null, and the offending member, when a value is none of the three types or there are too many.</summary>
    public static BoardSettings? Read(IReadOnlyDictionary<string, JsonElement> members, out string? offender)
    {
        offender = null;
        var builder = Empty.Members.ToBuilder();
        foreach (var (name, value) in members)
        {
            object? read = value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number when value.TryGetInt64(out var number) => number,
                JsonValueKind.String => value.GetString(),
                _ => null,
            };
            if (read is null || builder.Count == MembersMax)
            {
                offender = name;
                return null;
            }

            builder[name] = read;
        }

        return new BoardSettings(builder.ToImmutable());
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It did not.</exception>
    public static BoardSettings FromJson(string json) =>
        Read(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!, out var offender) ?? throw new JsonException($"the stored setting {offender} cannot be read");

    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in Members)
            {
                writer.WritePropertyName(name);
                JsonSerializer.Serialize(writer, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

/// <summary>What a board is to be set to. <see cref="Version"/> rises with each change and is what the board orders by [GW-41].</summary>
public sealed record DesiredConfiguration(int Version, BoardSettings Settings, string Actor, DateTimeOffset At);

/// <summary>How far the newest desired configuration has come.</summary>
public enum ConfigurationProgress
{
    /// <summary>Nothing was ever asked: the board runs as it was provisioned.</summary>
    None,

    /// <summary>Stored and published; the board has not answered.</summary>
    Pending,

    /// <summary>The board tries it and has not yet reached the hub under it [GW-43].</summary>
    Trial,
    Applied,

    /// <summary>The board could not reach the hub under it and went back.</summary>
    RolledBack,

    /// <summary>The board would not take it; the reason names the member.</summary>
    Refused,
}
