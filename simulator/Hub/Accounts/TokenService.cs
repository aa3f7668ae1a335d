using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Hub.Accounts;

/// <summary>
/// The ways in of programs. A token's text is 32 random bytes; the store holds their SHA-256 only (random enough to need no salt or stretching).
/// Every change stands in the audit chain before it is made (I13), as with the accounts.
/// </summary>
/// <param name="audit">As <see cref="AccountService"/> takes it.</param>
public sealed class TokenService(TokenStore store, TimeProvider time, Func<string, string, string, string, Task> audit)
{
    private const int SecretBytes = 32;
    private const int NameLengthMax = 60;

    /// <summary>A bearer token for a program. Its text is in the answer and nowhere else. Live tokens of the same name are revoked first: a name has one token.</summary>
    /// <param name="scopes">Names of <see cref="Rights"/>.</param>
    /// <exception cref="ArgumentException">A name of 1 to 60 characters and at least one known scope are needed.</exception>
    /// <exception cref="InvalidOperationException">There are <see cref="AccountRules.TokensMax"/> live tokens.</exception>
    public async Task<CreatedToken> CreateAsync(string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt = null, string actor = AccountService.CommandLine, string unit = "")
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > NameLengthMax)
        {
            throw new ArgumentException($"A token's name has 1 to {NameLengthMax} characters.", nameof(name));
        }

        if (scopes is null or { Count: 0 } || scopes.FirstOrDefault(scope => !Rights.All.Contains(scope)) is not null)
        {
            throw new ArgumentException($"A token has at least one scope of: {string.Join(", ", Rights.All.Order(StringComparer.Ordinal))}.", nameof(scopes));
        }

        if (unit.Length > 0 && scopes.Contains(Rights.Administer))
        {
            throw new ArgumentException("A token that administers is of the whole hub, and of no station or level above.", nameof(unit));
        }

        if (expiresAt <= time.GetUtcNow())
        {
            throw new ArgumentException("A token ends in the future.", nameof(expiresAt));
        }

        await audit(actor, "token.created", $"token/{name}", string.Join(' ', scopes) + (unit.Length > 0 ? $"; unit {unit}" : ""));
        store.RevokeAll(name, time.GetUtcNow());
        if (store.CountLive() >= AccountRules.TokensMax)
        {
            throw new InvalidOperationException($"There are {AccountRules.TokensMax} live tokens, which is the most a hub keeps. Revoke one.");
        }

        var text = "gw_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var token = store.Add(new ApiToken(0, name, [.. scopes.Distinct().Order(StringComparer.Ordinal)], time.GetUtcNow(), expiresAt, null) { Unit = unit }, HashOf(text));
        return new CreatedToken(token, text);
    }

    public IReadOnlyList<ApiToken> List() => store.List();

    public async Task<bool> RevokeAsync(long id, string actor)
    {
        await audit(actor, "token.revoked", $"token/{id}", "");
        return store.Revoke(id, time.GetUtcNow());
    }

    /// <summary>The token behind a bearer's text, unless it is unknown, revoked or over.</summary>
    public ApiToken? FindValid(string text) =>
        store.Find(HashOf(text)) is { RevokedAt: null } token && !(token.ExpiresAt <= time.GetUtcNow()) ? token : null;

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
