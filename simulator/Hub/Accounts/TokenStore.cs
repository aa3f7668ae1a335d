using Dapper;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Accounts;

/// <summary>The API tokens in the hub's database: their hashes, never their texts. Each call is one statement on a pooled connection of its own.</summary>
public sealed class TokenStore(Func<SqliteConnection> open)
{
    public int CountLive() => With(c => c.ExecuteScalar<int>("SELECT count(*) FROM api_tokens WHERE revoked_ms IS NULL"));

    public ApiToken Add(ApiToken token, byte[] hash) => token with
    {
        Id = With(c => c.ExecuteScalar<long>(
            "INSERT INTO api_tokens (name, hash, scopes, created_ms, expires_ms, unit) VALUES (@Name, @hash, @scopes, @createdAt, @expiresAt, @Unit) RETURNING id",
            new { token.Name, token.Unit, hash, scopes = string.Join(' ', token.Scopes), createdAt = token.CreatedAt.ToUnixTimeMilliseconds(), expiresAt = token.ExpiresAt?.ToUnixTimeMilliseconds() })),
    };

    public ApiToken? Find(byte[] hash) => With(c => c.QuerySingleOrDefault<TokenRow>("SELECT * FROM api_tokens WHERE hash = @hash", new { hash })?.ToToken());

    public IReadOnlyList<ApiToken> List() =>
        With(c => c.Query<TokenRow>("SELECT * FROM api_tokens WHERE revoked_ms IS NULL ORDER BY id DESC LIMIT @max", new { max = AccountRules.TokensMax }).Select(row => row.ToToken()).ToList());

    /// <summary>The tokens of that name that were still live end with this call; returns how many.</summary>
    public int RevokeAll(string name, DateTimeOffset now) =>
        With(c => c.Execute("UPDATE api_tokens SET revoked_ms = @now WHERE name = @name AND revoked_ms IS NULL", new { name, now = now.ToUnixTimeMilliseconds() }));

    public bool Revoke(long id, DateTimeOffset now) =>
        With(c => c.Execute("UPDATE api_tokens SET revoked_ms = @now WHERE id = @id AND revoked_ms IS NULL", new { id, now = now.ToUnixTimeMilliseconds() })) == 1;

    private T With<T>(Func<SqliteConnection, T> work)
    {
        using var connection = open();
        return work(connection);
    }

    private sealed class TokenRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Scopes { get; init; } = "";
        public long Created_Ms { get; init; }
        public long? Expires_Ms { get; init; }
        public long? Revoked_Ms { get; init; }
        public string Unit { get; init; } = "";

        public ApiToken ToToken() =>
            new(Id, Name, Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), DateTimeOffset.FromUnixTimeMilliseconds(Created_Ms), Moment(Expires_Ms), Moment(Revoked_Ms)) { Unit = Unit };

        private static DateTimeOffset? Moment(long? unixMs) => unixMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
    }
}
