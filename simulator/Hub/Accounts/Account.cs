namespace Gateway.Hub.Accounts;

/// <summary>
/// One person's way in. Holds no more of the person than the duty needs: a name to sign in with and the roles.
/// Identity changes this object, and its <c>UpdateAsync</c> then writes what changed; each reading makes a new one, so nobody else sees what is half done.
/// </summary>
public sealed class Account
{
    /// <summary>0 until it is stored.</summary>
    public long Id { get; internal set; }

    public required string Name { get; init; }

    /// <summary>Under which it is found (<see cref="NameRules.NormalizeName"/>).</summary>
    internal string NormalName { get; set; } = "";

    public string PasswordHash { get; internal set; } = "";

    public IReadOnlyList<string> Roles { get; internal set; } = [];

    /// <summary>Changes with the password, the second factor and the disabling: a cookie that carries another stamp is no longer valid.</summary>
    public string Stamp { get; internal set; } = "";

    public bool Disabled { get; internal set; }

    /// <summary>Wrong passwords and codes since the last right one, or since it locked.</summary>
    public int Failures { get; internal set; }

    public DateTimeOffset? LockedUntil { get; internal set; }

    public DateTimeOffset CreatedAt { get; internal set; }

    /// <summary>The secret of the authenticator app, wrapped under the master key in <c>hub.key</c>; drawn, and not yet counting, while <see cref="SecondFactorAt"/> is null.</summary>
    internal byte[]? AuthenticatorKey { get; set; }

    /// <summary>When the second factor was confirmed; null when there is none.</summary>
    public DateTimeOffset? SecondFactorAt { get; internal set; }

    /// <summary>Where it belongs: the id of a station, or of a level above (banner, region), whose stations it sees; empty for the whole hub.</summary>
    public string Unit { get; internal set; } = "";

    /// <summary>Of a hub's first account: the hash of the setup key that its making spends.</summary>
    internal byte[]? SetupHash { get; init; }

    /// <summary>What the database had when this was read; what somebody else has changed since then is not overwritten (<see cref="AccountStore.UpdateAsync"/>).</summary>
    internal object?[] Stored { get; set; } = [];
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

/// <summary>The secret of an authenticator app, at the only moment when it is shown.</summary>
public sealed record SecondFactorOffer(string Secret, string Uri);
