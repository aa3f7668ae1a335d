using System.Globalization;

namespace Gateway.Hub.Api;

/// <summary>The two query members that every list has in common, judged.</summary>
public readonly record struct ListQuery(long? BeforeId, int Limit)
{
    public const int LimitDefault = 50;
    public const int LimitMax = 200;

    /// <summary>The offending member and a sentence, or null.</summary>
    public static (string Member, string Text)? Parse(string? cursor, int? limit, out ListQuery query)
    {
        query = new ListQuery(null, limit ?? LimitDefault);
        if (query.Limit is < 1 or > LimitMax)
        {
            return ("limit", $"'limit' is 1 to {LimitMax}.");
        }

        if (cursor is null)
        {
            return null;
        }

        if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var beforeId) || beforeId < 1)
        {
            return ("cursor", "'cursor' is the 'next' of an earlier answer.");
        }

        query = query with { BeforeId = beforeId };
        return null;
    }

    /// <summary>The cursor after these: the last id while the page was full, else null.</summary>
    public string? NextAfter<T>(IReadOnlyList<T> items, Func<T, long> idOf) =>
        items.Count == Limit ? idOf(items[^1]).ToString(CultureInfo.InvariantCulture) : null;
}
