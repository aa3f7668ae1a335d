using Dapper;
using Microsoft.Data.Sqlite;

namespace Gateway.Hub.Accounts;

/// <summary>
/// Accounts, tokens and the setup link in the hub's database. Each call opens a pooled connection of its own and is one transaction;
/// a power cut leaves it done or not done. Readers never wait for the hub's writer (WAL); the rare writes queue behind it.
/// </summary>
public sealed class AccountStore(Func<SqliteConnection> open)
{
    public int Count() => Read(c => c.ExecuteScalar<int>("SELECT count(*) FROM accounts"));

    public Account? Find(string normalName) =>
        Read(c => c.QuerySingleOrDefault<AccountRow>("SELECT * FROM accounts WHERE normal_name = @normalName", new { normalName })?.ToAccount());

    public Account? Find(long id) =>
        Read(c => c.QuerySingleOrDefault<AccountRow>("SELECT * FROM accounts WHERE id = @id", new { id })?.ToAccount());

    public IReadOnlyList<Account> List() =>
        Read(c => c.Query<AccountRow>("SELECT * FROM accounts ORDER BY name LIMIT @max", new { max = AccountRules.AccountsMax }).Select(row => row.ToAccount()).ToList());

    /// <summary>Null when the name is taken.</summary>
    public Account? Add(Account account) => Write((c, t) => Insert(c, t, account));

    /// <summary>Spends the setup key and makes the first account, both or neither. Null when the key is not the newest unspent one, or when there is an account already.</summary>
    public Account? AddFirst(byte[] setupHash, Account account, DateTimeOffset now) => Write((c, t) =>
    {
        if (c.ExecuteScalar<int>("SELECT count(*) FROM accounts", transaction: t) > 0)
        {
            return null;
        }

        var spent = c.Execute("UPDATE setup_keys SET spent_ms = @now WHERE hash = @setupHash AND spent_ms IS NULL", new { setupHash, now = now.ToUnixTimeMilliseconds() }, t);
        return spent == 1 ? Insert(c, t, account) : null;
    });

    public void Update(Account account) => Write((c, t) => c.Execute(
        """
        UPDATE accounts SET password_hash = @PasswordHash, roles = @roles, stamp = @Stamp, unit = @Unit, disabled = @disabled, failures = @Failures, locked_until_ms = @lockedUntil
        WHERE id = @Id
        """,
        new
        {
            account.Id,
            account.PasswordHash,
            roles = string.Join(' ', account.Roles),
            account.Stamp,
            account.Unit,
            disabled = account.Disabled ? 1 : 0,
            account.Failures,
            lockedUntil = account.LockedUntil?.ToUnixTimeMilliseconds(),
        },
        t));

    /// <summary>Counts one wrong password in one statement, so that parallel guesses cannot share a count; at the maximum the account locks.</summary>
    /// <returns>True when this one locked it.</returns>
    public bool CountFailure(long id, DateTimeOffset lockedUntil) => Write((c, t) => c.ExecuteScalar<int>(
        """
        UPDATE accounts SET
            failures = CASE WHEN failures + 1 >= @max THEN 0 ELSE failures + 1 END,
            locked_until_ms = CASE WHEN failures + 1 >= @max THEN @lockedUntil ELSE locked_until_ms END
        WHERE id = @id RETURNING failures = 0
        """,
        new { id, max = AccountRules.FailuresMax, lockedUntil = lockedUntil.ToUnixTimeMilliseconds() },
        t)) != 0;

    /// <summary>A drawn secret that is not confirmed yet.</summary>
    public void SetTotp(long id, byte[] wrapped) => Write((c, t) =>
        c.Execute("UPDATE accounts SET totp_key = @wrapped, totp_confirmed_ms = NULL, totp_step = 0 WHERE id = @id", new { id, wrapped }, t));

    public (byte[] Wrapped, long LastStep)? FindTotp(long id) => Read(c =>
        c.Query<(byte[]? Wrapped, long LastStep)>("SELECT totp_key, totp_step FROM accounts WHERE id = @id", new { id }).Select(row => row.Wrapped is { } wrapped ? (wrapped, row.LastStep) : ((byte[], long)?)null).FirstOrDefault());

    /// <summary>The secret counts from now on, and these are the recovery codes.</summary>
    public void ConfirmTotp(long id, long step, DateTimeOffset now, IEnumerable<byte[]> recoveryHashes) => Write((c, t) =>
    {
        c.Execute("DELETE FROM recovery_codes WHERE account_id = @id", new { id }, t);
        c.Execute("INSERT INTO recovery_codes (account_id, hash) VALUES (@id, @hash)", recoveryHashes.Select(hash => new { id, hash }), t);
        return c.Execute("UPDATE accounts SET totp_confirmed_ms = @now, totp_step = @step WHERE id = @id", new { id, step, now = now.ToUnixTimeMilliseconds() }, t);
    });

    /// <summary>One code works once, also when it is sent twice at the same moment.</summary>
    public bool SpendStep(long id, long step) => Write((c, t) => c.Execute("UPDATE accounts SET totp_step = @step WHERE id = @id AND totp_step < @step", new { id, step }, t)) == 1;

    public bool SpendRecoveryCode(long id, byte[] hash, DateTimeOffset now) => Write((c, t) =>
        c.Execute("UPDATE recovery_codes SET spent_ms = @now WHERE account_id = @id AND hash = @hash AND spent_ms IS NULL", new { id, hash, now = now.ToUnixTimeMilliseconds() }, t)) == 1;

    public void ClearTotp(long id) => Write((c, t) =>
    {
        c.Execute("DELETE FROM recovery_codes WHERE account_id = @id", new { id }, t);
        return c.Execute("UPDATE accounts SET totp_key = NULL, totp_confirmed_ms = NULL, totp_step = 0 WHERE id = @id", new { id }, t);
    });

    public void ClearFailures(long id) => Write((c, t) => c.Execute("UPDATE accounts SET failures = 0, locked_until_ms = null WHERE id = @id", new { id }, t));

    /// <summary>Replaces any earlier setup key: only the newest link works.</summary>
    public void SetSetupKey(byte[] hash, DateTimeOffset now) => Write((c, t) =>
    {
        c.Execute("DELETE FROM setup_keys WHERE spent_ms IS NULL", transaction: t);
        return c.Execute("INSERT INTO setup_keys (hash, created_ms) VALUES (@hash, @now)", new { hash, now = now.ToUnixTimeMilliseconds() }, t);
    });

    public bool IsSetupKey(byte[] hash) =>
        Read(c => c.ExecuteScalar<int>("SELECT count(*) FROM setup_keys WHERE hash = @hash AND spent_ms IS NULL", new { hash }) == 1);

    public int CountLiveTokens() => Read(c => c.ExecuteScalar<int>("SELECT count(*) FROM api_tokens WHERE revoked_ms IS NULL"));

    public ApiToken AddToken(ApiToken token, byte[] hash) => Write((c, t) => token with
    {
        Id = c.ExecuteScalar<long>(
            "INSERT INTO api_tokens (name, hash, scopes, created_ms, expires_ms, unit) VALUES (@Name, @hash, @scopes, @createdAt, @expiresAt, @Unit) RETURNING id",
            new { token.Name, token.Unit, hash, scopes = string.Join(' ', token.Scopes), createdAt = token.CreatedAt.ToUnixTimeMilliseconds(), expiresAt = token.ExpiresAt?.ToUnixTimeMilliseconds() },
            t),
    });

    public ApiToken? FindToken(byte[] hash) =>
        Read(c => c.QuerySingleOrDefault<TokenRow>("SELECT * FROM api_tokens WHERE hash = @hash", new { hash })?.ToToken());

    public IReadOnlyList<ApiToken> ListTokens() =>
        Read(c => c.Query<TokenRow>("SELECT * FROM api_tokens WHERE revoked_ms IS NULL ORDER BY id DESC LIMIT @max", new { max = AccountRules.TokensMax }).Select(row => row.ToToken()).ToList());

    /// <summary>The tokens of that name that were still live end with this call; returns how many.</summary>
    public int RevokeTokens(string name, DateTimeOffset now) => Write((c, t) =>
        c.Execute("UPDATE api_tokens SET revoked_ms = @now WHERE name = @name AND revoked_ms IS NULL", new { name, now = now.ToUnixTimeMilliseconds() }, t));

    public bool RevokeToken(long id, DateTimeOffset now) => Write((c, t) =>
        c.Execute("UPDATE api_tokens SET revoked_ms = @now WHERE id = @id AND revoked_ms IS NULL", new { id, now = now.ToUnixTimeMilliseconds() }, t)) == 1;

    private static Account? Insert(SqliteConnection c, SqliteTransaction t, Account account)
    {
        var id = c.ExecuteScalar<long?>(
            """
            INSERT INTO accounts (name, normal_name, password_hash, roles, stamp, created_ms, unit) VALUES (@Name, @normalName, @PasswordHash, @roles, @Stamp, @createdAt, @Unit)
            ON CONFLICT (normal_name) DO NOTHING RETURNING id
            """,
            new
            {
                account.Name,
                normalName = AccountRules.Normal(account.Name),
                account.PasswordHash,
                roles = string.Join(' ', account.Roles),
                account.Stamp,
                account.Unit,
                createdAt = account.CreatedAt.ToUnixTimeMilliseconds(),
            },
            t);
        return id is null ? null : account with { Id = id.Value };
    }

    private T Read<T>(Func<SqliteConnection, T> work)
    {
        using var connection = open();
        return work(connection);
    }

    private T Write<T>(Func<SqliteConnection, SqliteTransaction, T> work)
    {
        using var connection = open();
        // Immediate: the write lock is taken here, where the busy timeout waits for it, and not half-way through.
        using var transaction = connection.BeginTransaction(deferred: false);
        var result = work(connection, transaction);
        transaction.Commit();
        return result;
    }

    private sealed class AccountRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Password_Hash { get; init; } = "";
        public string Roles { get; init; } = "";
        public string Stamp { get; init; } = "";
        public long Disabled { get; init; }
        public long Failures { get; init; }
        public long? Locked_Until_Ms { get; init; }
        public long Created_Ms { get; init; }
        public long? Totp_Confirmed_Ms { get; init; }
        public string Unit { get; init; } = "";

        public Account ToAccount() => new(
            Id, Name, Password_Hash, Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries), Stamp, Disabled != 0, (int)Failures, Moment(Locked_Until_Ms), Moment(Created_Ms)!.Value)
        {
            SecondFactorAt = Moment(Totp_Confirmed_Ms),
            Unit = Unit,
        };
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

        public ApiToken ToToken() => new(Id, Name, Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), Moment(Created_Ms)!.Value, Moment(Expires_Ms), Moment(Revoked_Ms)) { Unit = Unit };
    }

    private static DateTimeOffset? Moment(long? unixMs) => unixMs is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(unixMs.Value);
}
