using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Hub.Fleet;
using Gateway.Hub.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using OtpNet;

namespace Gateway.Hub.Accounts;

/// <summary>
/// The accounts in the hub's database, as ASP.NET Core Identity asks for them. Each call opens a pooled connection of its own and is one transaction;
/// a power cut leaves it done or not done. Readers never wait for the hub's writer (WAL); the rare writes queue behind it.
/// What a setter puts on the account is written by <see cref="UpdateAsync"/>. Lock-out and recovery codes are written at once instead, each by one statement: no two sign-ins at the same moment
/// share a count or a code. There is no IUserRoleStore: through it a change of duties is a removal and an addition, and a power cut between the two would leave somebody without any.
/// </summary>
public sealed class AccountStore(Func<SqliteConnection> open, KeyVault vault, TimeProvider time) :
    IUserPasswordStore<Account>,
    IUserSecurityStampStore<Account>,
    IUserLockoutStore<Account>,
    IUserTwoFactorStore<Account>,
    IUserAuthenticatorKeyStore<Account>,
    IUserTwoFactorRecoveryCodeStore<Account>
{
    /// <summary>What <see cref="UpdateAsync"/> writes, in the order of <see cref="Columns"/>.</summary>
    private const string Written = "password_hash, roles, stamp, unit, disabled, totp_key, totp_confirmed_ms";

    private static readonly AccountErrors Errors = new();

    public int Count() => (int)Read(c => c.Scalar("SELECT count(*) FROM accounts"));

    public Account? Find(long id) => Accounts("WHERE id = $1", id).FirstOrDefault();

    public IReadOnlyList<Account> List() => Accounts("ORDER BY name LIMIT $1", (long)AccountRules.AccountsMax);

    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(long.TryParse(userId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Find(id) : null);

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        Task.FromResult(Accounts("WHERE normal_name = $1", normalizedUserName).FirstOrDefault());

    /// <summary>Stores a new account; the first one (<see cref="Account.SetupHash"/>) spends the newest setup key with it, both or neither.</summary>
    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(Write(c =>
    {
        var now = time.GetUtcNow();
        if (user.SetupHash is { } key
            && (c.Scalar("SELECT count(*) FROM accounts") > 0 || c.Scalar("UPDATE setup_keys SET spent_ms = $1 WHERE hash = $2 AND spent_ms IS NULL RETURNING 1", now.ToUnixTimeMilliseconds(), key) != 1))
        {
            return IdentityResult.Failed(AccountErrors.SetupKeySpent());
        }

        var columns = Columns(user);
        user.Id = c.Scalar(
            $"INSERT INTO accounts (name, normal_name, created_ms, {Written}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (normal_name) DO NOTHING RETURNING id",
            [user.Name, user.NormalName, now.ToUnixTimeMilliseconds(), .. columns]);
        (user.CreatedAt, user.Stored) = (now, columns);
        return user.Id == 0 ? IdentityResult.Failed(Errors.DuplicateUserName(user.Name)) : IdentityResult.Success;
    }));

    /// <summary>Writes what was set since the account was read, unless somebody else wrote any of it meanwhile: then nothing is written, and the failure says so. A new secret begins with no code spent.</summary>
    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken)
    {
        var columns = Columns(user);
        if (columns.SequenceEqual(user.Stored))
        {
            return Task.FromResult(IdentityResult.Success);
        }

        var isWritten = Write(c => c.Scalar(
            $"""
            UPDATE accounts SET ({Written}) = ($2, $3, $4, $5, $6, $7, $8), totp_step = CASE WHEN totp_key IS $7 THEN totp_step ELSE 0 END
            WHERE id = $1 AND ({Written}) IS ($9, $10, $11, $12, $13, $14, $15) RETURNING 1
            """,
            [user.Id, .. columns, .. user.Stored])) == 1;
        user.Stored = isWritten ? columns : user.Stored;
        return Task.FromResult(isWritten ? IdentityResult.Success : IdentityResult.Failed(Errors.ConcurrencyFailure()));
    }

    /// <exception cref="NotSupportedException">Always: the audit names accounts. One that is over is disabled.</exception>
    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => throw new NotSupportedException("An account is disabled, not deleted: the audit names it.");

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString(CultureInfo.InvariantCulture));

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    /// <exception cref="NotSupportedException">Always: the audit names accounts.</exception>
    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException("An account keeps its name: the audit knows it by it.");

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalName);

    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => Done(user.NormalName = normalizedName ?? "");

    public Task<string?> GetPasswordHashAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.PasswordHash);

    public Task SetPasswordHashAsync(Account user, string? passwordHash, CancellationToken cancellationToken) => Done(user.PasswordHash = passwordHash ?? "");

    public Task<bool> HasPasswordAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash.Length > 0);

    public Task<string?> GetSecurityStampAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Stamp);

    public Task SetSecurityStampAsync(Account user, string stamp, CancellationToken cancellationToken) => Done(user.Stamp = stamp);

    /// <summary>Counts one failure in one statement, so that parallel guesses cannot share a count; at the maximum the account locks, and counts from 0 again.</summary>
    public void CountFailure(Account user, int failuresMax, DateTimeOffset lockedUntil)
    {
        user.Failures = (int)Write(c => c.Scalar(
            """
            UPDATE accounts SET
                failures = CASE WHEN failures + 1 >= $2 THEN 0 ELSE failures + 1 END,
                locked_until_ms = CASE WHEN failures + 1 >= $2 THEN $3 ELSE locked_until_ms END
            WHERE id = $1 RETURNING failures
            """,
            user.Id, failuresMax, lockedUntil.ToUnixTimeMilliseconds()));
        user.LockedUntil = user.Failures == 0 ? lockedUntil : user.LockedUntil;
    }

    /// <summary>As <see cref="CountFailure"/>, and never locks.</summary>
    public Task<int> IncrementAccessFailedCountAsync(Account user, CancellationToken cancellationToken)
    {
        CountFailure(user, int.MaxValue, DateTimeOffset.MaxValue);
        return Task.FromResult(user.Failures);
    }

    public Task ResetAccessFailedCountAsync(Account user, CancellationToken cancellationToken)
    {
        Write(c => c.Scalar("UPDATE accounts SET failures = 0 WHERE id = $1 RETURNING 1", user.Id));
        return Done(user.Failures = 0);
    }

    public Task<int> GetAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult((int)Read(c => c.Scalar("SELECT failures FROM accounts WHERE id = $1", user.Id)));

    /// <summary>As it is stored now, and not as it was when the account was read: while a password was being hashed, another guess may have locked it.</summary>
    public Task<DateTimeOffset?> GetLockoutEndDateAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult(Read(c => c.Rows("SELECT locked_until_ms FROM accounts WHERE id = $1", row => row.TimeOrNull(0), user.Id)).FirstOrDefault());

    public Task SetLockoutEndDateAsync(Account user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        Write(c => c.Scalar("UPDATE accounts SET locked_until_ms = $2 WHERE id = $1 RETURNING 1", user.Id, lockoutEnd?.ToUnixTimeMilliseconds()));
        return Done(user.LockedUntil = lockoutEnd);
    }

    public Task<bool> GetLockoutEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <exception cref="NotSupportedException">No account is spared the lock-out.</exception>
    public Task SetLockoutEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken) =>
        enabled ? Task.CompletedTask : throw new NotSupportedException("Every account locks after too many wrong passwords.");

    public Task<bool> GetTwoFactorEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.SecondFactorAt is not null);

    /// <summary>Confirms the secret that was drawn, or takes it away.</summary>
    public Task SetTwoFactorEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken)
    {
        user.AuthenticatorKey = enabled ? user.AuthenticatorKey : null;
        return Done(user.SecondFactorAt = enabled ? time.GetUtcNow() : null);
    }

    /// <summary>The secret in Base32, as an app takes it; null when none was drawn.</summary>
    public Task<string?> GetAuthenticatorKeyAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult(user.AuthenticatorKey is { } wrapped ? Base32Encoding.ToString(vault.Unwrap(Purpose(user), wrapped)).TrimEnd('=') : null);

    /// <summary>A drawn secret that is not confirmed yet.</summary>
    public Task SetAuthenticatorKeyAsync(Account user, string key, CancellationToken cancellationToken)
    {
        user.AuthenticatorKey = vault.Wrap(Purpose(user), Base32Encoding.ToBytes(key));
        return Done(user.SecondFactorAt = null);
    }

    /// <summary>One code works once, also when it is sent twice at the same moment.</summary>
    public bool SpendStep(Account user, long step) => Write(c => c.Scalar("UPDATE accounts SET totp_step = $2 WHERE id = $1 AND totp_step < $2 RETURNING 1", user.Id, step)) == 1;

    public Task ReplaceCodesAsync(Account user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) => Done(Write(c =>
    {
        c.Execute("DELETE FROM recovery_codes WHERE account_id = $1", user.Id);
        return recoveryCodes.Sum(code => c.Scalar("INSERT INTO recovery_codes (account_id, hash) VALUES ($1, $2) RETURNING 1", user.Id, HashOf(code)));
    }));

    public Task<bool> RedeemCodeAsync(Account user, string code, CancellationToken cancellationToken) => Task.FromResult(Write(c => c.Scalar(
        "UPDATE recovery_codes SET spent_ms = $3 WHERE account_id = $1 AND hash = $2 AND spent_ms IS NULL RETURNING 1", user.Id, HashOf(code), time.GetUtcNow().ToUnixTimeMilliseconds())) == 1);

    public Task<int> CountCodesAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult((int)Read(c => c.Scalar("SELECT count(*) FROM recovery_codes WHERE account_id = $1 AND spent_ms IS NULL", user.Id)));

    /// <summary>Replaces any earlier setup key: only the newest link works.</summary>
    public void SetSetupKey(byte[] hash) => Write(c =>
    {
        c.Execute("DELETE FROM setup_keys WHERE spent_ms IS NULL");
        return c.Scalar("INSERT INTO setup_keys (hash, created_ms) VALUES ($1, $2) RETURNING 1", hash, time.GetUtcNow().ToUnixTimeMilliseconds());
    });

    public bool IsSetupKey(byte[] hash) => Read(c => c.Scalar("SELECT count(*) FROM setup_keys WHERE hash = $1 AND spent_ms IS NULL", hash)) == 1;

    /// <summary>Nothing is held: each call closes its connection.</summary>
    public void Dispose()
    {
    }

    private List<Account> Accounts(string which, object value) =>
        Read(c => c.Rows($"SELECT id, name, normal_name, created_ms, failures, locked_until_ms, {Written} FROM accounts {which}", OfRow, value));

    private static Account OfRow(SqliteDataReader r)
    {
        var account = new Account
        {
            Id = r.GetInt64(0),
            Name = r.GetString(1),
            NormalName = r.GetString(2),
            CreatedAt = r.Time(3),
            Failures = r.GetInt32(4),
            LockedUntil = r.TimeOrNull(5),
            PasswordHash = r.GetString(6),
            Roles = r.GetString(7).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Stamp = r.GetString(8),
            Unit = r.GetString(9),
            Disabled = r.GetInt64(10) != 0,
            AuthenticatorKey = r.IsDBNull(11) ? null : r.GetFieldValue<byte[]>(11),
            SecondFactorAt = r.TimeOrNull(12),
        };
        account.Stored = Columns(account);
        return account;
    }

    private static object?[] Columns(Account account) =>
    [
        account.PasswordHash, string.Join(' ', account.Roles), account.Stamp, account.Unit, account.Disabled ? 1L : 0L, account.AuthenticatorKey, account.SecondFactorAt?.ToUnixTimeMilliseconds(),
    ];

    /// <summary>Bound into the wrapping: a secret that was copied to another account does not open there.</summary>
    private static string Purpose(Account user) => FormattableString.Invariant($"totp/{user.Id}");

    private static byte[] HashOf(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));

    private static Task Done<T>(T _) => Task.CompletedTask;

    private T Read<T>(Func<SqliteConnection, T> work)
    {
        using var connection = open();
        return work(connection);
    }

    private T Write<T>(Func<SqliteConnection, T> work)
    {
        using var connection = open();
        // Immediate: the write lock is taken here, where the busy timeout waits for it, and not half-way through.
        using var transaction = connection.BeginTransaction(deferred: false);
        var result = work(connection);
        transaction.Commit();
        return result;
    }
}
