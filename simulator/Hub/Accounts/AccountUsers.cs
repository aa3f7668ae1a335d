using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.Hub.Accounts;

/// <summary>
/// Identity's <see cref="UserManager{TUser}"/> over the hub's accounts, and the few places where it must be another: the clock is the one passed in (Identity's lock-out asks the system's),
/// parallel guesses share no count, an unknown name costs the same work as a known one, and nothing but what is meant to ends a session.
/// </summary>
public sealed class AccountUsers(
    AccountStore store,
    TimeProvider time,
    IOptions<IdentityOptions> options,
    IPasswordHasher<Account> hasher,
    IEnumerable<IUserValidator<Account>> userRules,
    IEnumerable<IPasswordValidator<Account>> passwordRules,
    ILookupNormalizer normalizer,
    IdentityErrorDescriber errors,
    IServiceProvider services,
    ILogger<UserManager<Account>> log)
    : UserManager<Account>(store, options, hasher, userRules, passwordRules, normalizer, errors, services, log)
{
    private const int NobodysPasswordBytes = 16;
    private const string RecoveryCodeAlphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    private static readonly Account Nobody = new() { Name = "" };

    private readonly Lazy<string> _hashOfNobody = new(() => hasher.HashPassword(Nobody, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NobodysPasswordBytes))));

    /// <summary>What the rules have against this name and this password. For before the audit entry: Identity asks them again when it makes the change.</summary>
    public async Task<IdentityResult> JudgeAsync(Account account, string? password)
    {
        var name = await ValidateUserAsync(account);
        return name.Succeeded ? await ValidatePasswordAsync(account, password) : name;
    }

    /// <summary>A new password without the old one and without a mailed token: Identity's own steps of a reset. Gives a new stamp.</summary>
    public async Task<IdentityResult> SetPasswordAsync(Account account, string password)
    {
        var hashed = await UpdatePasswordHash(account, password, validatePassword: true);
        return hashed.Succeeded ? await UpdateUserAsync(account) : hashed;
    }

    /// <summary>False, after the same work, also for an account that is not there: so the time of the answer does not tell which names exist.</summary>
    public override Task<bool> CheckPasswordAsync(Account? user, string password)
    {
        if (user is not null)
        {
            return base.CheckPasswordAsync(user, password);
        }

        PasswordHasher.VerifyHashedPassword(Nobody, _hashOfNobody.Value, password);
        return Task.FromResult(false);
    }

    /// <summary>A right password whose stored hash is weaker than today's is hashed anew. Identity would give a new stamp with it, and so sign out the volunteer's telephone in the field.</summary>
    protected override async Task<PasswordVerificationResult> VerifyPasswordAsync(IUserPasswordStore<Account> store, Account user, string password)
    {
        var judged = await base.VerifyPasswordAsync(store, user, password);
        if (judged != PasswordVerificationResult.SuccessRehashNeeded)
        {
            return judged;
        }

        await store.SetPasswordHashAsync(user, PasswordHasher.HashPassword(user, password), CancellationToken);
        await UpdateUserAsync(user);
        return PasswordVerificationResult.Success;
    }

    public override async Task<bool> IsLockedOutAsync(Account user) => await GetLockoutEndDateAsync(user) > time.GetUtcNow();

    /// <summary>Counts, and at the maximum locks and begins anew, in one statement: of parallel guesses each counts, and exactly one locks (then <see cref="Account.Failures"/> is 0).</summary>
    public override Task<IdentityResult> AccessFailedAsync(Account user)
    {
        store.CountFailure(user, Options.Lockout.MaxFailedAccessAttempts, time.GetUtcNow() + Options.Lockout.DefaultLockoutTimeSpan);
        return Task.FromResult(IdentityResult.Success);
    }

    /// <summary>Draws a secret, which counts once confirmed. Identity would give a new stamp with it, and so sign out the very browser that asks.</summary>
    public override async Task<IdentityResult> ResetAuthenticatorKeyAsync(Account user)
    {
        await store.SetAuthenticatorKeyAsync(user, GenerateNewAuthenticatorKey(), CancellationToken);
        return await UpdateUserAsync(user);
    }

    /// <summary>59 bits instead of Identity's 47: only the SHA-256 is stored, and must not be worth trying through.</summary>
    protected override string CreateTwoFactorRecoveryCode() => RandomNumberGenerator.GetString(RecoveryCodeAlphabet, AccountRules.RecoveryCodeChars);
}
