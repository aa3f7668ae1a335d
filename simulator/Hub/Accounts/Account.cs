namespace Gateway.Hub.Accounts;

/// <summary>One person's way in. Holds no more of the person than the duty needs: a name to sign in with and the roles.</summary>
/// <param name="Stamp">Changes with the password, the roles and the disabling: a cookie that carries another stamp is no longer valid.</param>
/// <param name="Failures">Wrong passwords since the last right one.</param>
public sealed record Account(
    long Id,
    string Name,
    string PasswordHash,
    IReadOnlyList<string> Roles,
    string Stamp,
    bool Disabled,
    int Failures,
    DateTimeOffset? LockedUntil,
    DateTimeOffset CreatedAt)
{
    /// <summary>When the second factor was confirmed; null when there is none.</summary>
    public DateTimeOffset? SecondFactorAt { get; init; }

    /// <summary>Where it belongs: the id of a station, or of a level above (banner, region), whose stations it sees; empty for the whole hub.</summary>
    public string Unit { get; init; } = "";
}

/// <summary>A program's way in. The token itself is shown once, at its making; the store holds its SHA-256.</summary>
public sealed record ApiToken(
    long Id,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt)
{
    /// <summary>As an account's.</summary>
    public string Unit { get; init; } = "";
}

/// <summary>A token at the only moment when its text is known.</summary>
public sealed record CreatedToken(ApiToken Token, string Text);

/// <summary>What came of a request on accounts: done, or refused by name with a sentence and the member at fault.</summary>
public sealed record AccountOutcome(Account? Account, string? Refusal, string? Text, string? Member = null)
{
    public bool Done => Refusal is null;

    public static AccountOutcome Of(Account account) => new(account, null, null);

    public static AccountOutcome Refused(string name, string text, string? member = null) => new(null, name, text, member);
}
