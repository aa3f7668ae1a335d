using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using OtpNet;

namespace Gateway.Hub.Accounts;

/// <summary>
/// Who may come in: what API and pages call. ASP.NET Core Identity (<see cref="AccountUsers"/>) judges names, passwords, codes and lock-outs and gives stamps; here are the hub's own rules and the audit.
/// No default account and no default password exist: a fresh hub has a one-time setup link and nothing else; its key is 32 random bytes, of which the store holds the SHA-256.
/// Every change stands in the audit chain before it is made (I13): after a power cut between the two there is an entry without its change, never a change without its entry.
/// </summary>
/// <param name="audit">Appends actor, kind, subject and content to the chain, and returns when that is committed.</param>
/// <param name="administratorsNeedSecondFactor">True but in a demo: then an administrator's rights sleep until a second factor is confirmed.</param>
public sealed class AccountService(AccountUsers users, AccountStore store, Func<string, string, string, string, Task> audit, bool administratorsNeedSecondFactor)
{
    /// <summary>The actor of what the hub's own command line does.</summary>
    public const string CommandLine = "command line";

    private const int SetupKeyBytes = 32;
    private const int CodeCharsMax = 32;
    private const string Issuer = "Emergency-call hub";

    private readonly SemaphoreSlim oneChange = new(1, 1);

    /// <summary>True until the first account exists: then the console offers nothing but the setup page.</summary>
    public bool NeedsSetup => store.Count() == 0;

    /// <summary>
    /// A new key for the setup link, or null when an account exists. Earlier links stop working; the key is spent by making the account.
    /// The caller prints it as <c>{console}/setup?key={key}</c>.
    /// </summary>
    public string? CreateSetupKey()
    {
        if (!NeedsSetup)
        {
            return null;
        }

        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SetupKeyBytes));
        store.SetSetupKey(HashOf(key));
        return key;
    }

    public bool IsSetupKey(string? key) => !string.IsNullOrEmpty(key) && NeedsSetup && store.IsSetupKey(HashOf(key));

    /// <summary>Makes the first account, with all duties, and spends the key.</summary>
    public async Task<AccountOutcome> SetUpAsync(string? key, string? name, string? password)
    {
        if (!IsSetupKey(key))
        {
            return AccountOutcome.Refused("setup-key", "This setup link is not valid, or has been used. The hub prints a new one at its start as long as it has no account.", "key");
        }

        var account = new Account { Name = name?.Trim() ?? "", Roles = Roles.OfFirstAccount, SetupHash = HashOf(key!) };
        return await MakeAsync(account, password, account.Name, "account.setUp");
    }

    /// <param name="unit">A station, a level above one, or empty for the whole hub; that the hub knows it is the caller's to check.</param>
    public async Task<AccountOutcome> CreateAsync(string? name, string? password, IReadOnlyList<string>? roles, string actor, string unit = "")
    {
        if ((AccountRules.CheckRoles(roles) ?? AccountRules.CheckUnit(unit, roles!)) is { } refused)
        {
            return refused;
        }

        return store.Count() >= AccountRules.AccountsMax
            ? AccountOutcome.Refused("accounts-full", $"There are {AccountRules.AccountsMax} accounts, which is the most a hub keeps.")
            : await MakeAsync(new Account { Name = name?.Trim() ?? "", Roles = [.. roles!.Distinct()], Unit = unit }, password, actor, "account.created");
    }

    private async Task<AccountOutcome> MakeAsync(Account account, string? password, string actor, string kind)
    {
        var judged = await users.JudgeAsync(account, password);
        if (!judged.Succeeded)
        {
            return AccountOutcome.Of(account, judged);
        }

        await audit(actor, kind, $"account/{account.Name}", string.Join(' ', account.Roles) + (account.Unit.Length > 0 ? $"; unit {account.Unit}" : ""));
        return AccountOutcome.Of(account, await users.CreateAsync(account, password!));
    }

    /// <summary>
    /// Judges name and password. An unknown name, a wrong password and a disabled account give one and the same answer after the same work,
    /// so that the answer does not tell which names exist. Only a locked account says that it is locked.
    /// </summary>
    /// <param name="code">Of the authenticator app, or a recovery code; asked for by name (`code-needed`) once the password was right.</param>
    public async Task<AccountOutcome> SignInAsync(string? name, string? password, string? code = null)
    {
        var wrong = AccountOutcome.Refused("sign-in-refused", "Name or password is wrong.");
        if (name is null || password is null || name.Length > AccountRules.NameLengthMax || password.Length > AccountRules.PasswordLengthMax)
        {
            return wrong;
        }

        var account = await users.FindByNameAsync(name);
        var isRight = await users.CheckPasswordAsync(account, password);
        if (account is null || account.Disabled)
        {
            // Without the typed name: people type passwords into the wrong field.
            await audit("nobody", "session.refused", account is null ? "account" : SubjectOf(account), account is null ? "no such account" : "disabled");
            return wrong;
        }

        // After the password, which took its time: the guess beside this one may have locked the account meanwhile.
        if (await users.IsLockedOutAsync(account))
        {
            await audit(account.Name, "session.refused", SubjectOf(account), "locked");
            return Locked();
        }

        if (!isRight)
        {
            return await FailAsync(account, "wrong password", wrong);
        }

        if (await users.GetTwoFactorEnabledAsync(account))
        {
            if (string.IsNullOrWhiteSpace(code))
            {
                return AccountOutcome.Refused("code-needed", "Enter the code of your authenticator app, or a recovery code.", "code");
            }

            if (!await SpendCodeAsync(account, code))
            {
                return await FailAsync(account, "wrong code", AccountOutcome.Refused("code-wrong", "This code is wrong, or was used already.", "code"));
            }
        }

        await ForgiveAsync(account, IdentityResult.Success);
        await audit(account.Name, "session.opened", SubjectOf(account), "");
        return AccountOutcome.Of(account);
    }

    /// <summary>What the account may do now: an administrator without a second factor may do what the other duties allow.</summary>
    public IReadOnlyList<string> RightsOf(Account account) =>
        Roles.RightsOf(account.Roles.Where(role => role != Roles.Administrator || !NeedsSecondFactor(account)));

    /// <summary>True while an administrator's rights sleep for want of a second factor.</summary>
    public bool NeedsSecondFactor(Account account) => administratorsNeedSecondFactor && account.SecondFactorAt is null && account.Roles.Contains(Roles.Administrator);

    /// <summary>Changes what the duties of an account are; its open sessions have the new rights with the next request.</summary>
    public async Task<AccountOutcome> SetRolesAsync(long id, IReadOnlyList<string>? roles, string actor) => AccountRules.CheckRoles(roles) ?? await ChangeAsync(
        id,
        account => AccountRules.CheckUnit(account.Unit, roles!) ?? (roles!.Contains(Roles.Administrator) ? null : LastAdministrator(account, "The last administrator keeps this duty: nobody could give it back.")),
        (actor, "account.rolesChanged", string.Join(' ', roles!)),
        account =>
        {
            account.Roles = [.. roles!.Distinct()];
            return users.UpdateAsync(account);
        });

    /// <summary>Says where an account belongs; its open sessions see so with the next request.</summary>
    /// <param name="unit">As for <see cref="CreateAsync"/>.</param>
    public Task<AccountOutcome> SetUnitAsync(long id, string unit, string actor) => ChangeAsync(
        id,
        account => AccountRules.CheckUnit(unit, account.Roles),
        (actor, "account.unitChanged", unit.Length > 0 ? unit : "the whole hub"),
        account =>
        {
            account.Unit = unit;
            return users.UpdateAsync(account);
        });

    /// <summary>Disables or enables; open sessions of a disabled account end with their next request.</summary>
    public Task<AccountOutcome> SetDisabledAsync(long id, bool disabled, string actor) => ChangeAsync(
        id,
        account => disabled ? LastAdministrator(account, "The last administrator cannot be disabled: nobody could undo it.") : null,
        (actor, disabled ? "account.disabled" : "account.enabled", ""),
        async account =>
        {
            account.Disabled = disabled;
            return await ForgiveAsync(account, await users.UpdateSecurityStampAsync(account));
        });

    /// <summary>Ends every session of an account, as for a phone that is lost: its cookies are no longer valid with the next request.</summary>
    public Task<AccountOutcome> EndSessionsAsync(long id, string actor) => ChangeAsync(id, _ => null, (actor, "account.sessionsEnded", ""), users.UpdateSecurityStampAsync);

    /// <summary>Ends one session of an account; false when it has none of that id.</summary>
    public async Task<bool> EndSessionAsync(long id, string session, SessionStore sessions, string actor)
    {
        if (store.Find(id) is not { } account || sessions.Of(id).All(open => open.Id != session))
        {
            return false;
        }

        await audit(actor, "account.sessionEnded", SubjectOf(account), "");
        return sessions.End(id, session);
    }

    /// <summary>A new password by an administrator, or by the account itself (then the old one is asked for). Every session of it ends.</summary>
    public async Task<AccountOutcome> SetPasswordAsync(long id, string? password, string actor, string? oldPassword = null, bool isOwn = false)
    {
        if (store.Find(id) is not { } account)
        {
            return Unknown();
        }

        var judged = await users.JudgeAsync(account, password);
        if (!judged.Succeeded)
        {
            return AccountOutcome.Of(account, judged);
        }

        if (isOwn && await users.IsLockedOutAsync(account))
        {
            // Whoever sits at a desk that was left open may not try passwords here for ever.
            await audit(account.Name, "session.refused", SubjectOf(account), "locked, at a change of the password");
            return Locked();
        }

        if (isOwn && (oldPassword is null || !await users.CheckPasswordAsync(account, oldPassword)))
        {
            return await FailAsync(account, "wrong password at a change of it", AccountOutcome.Refused("password-wrong", "The old password is wrong.", "oldPassword"));
        }

        await audit(actor, "account.passwordChanged", SubjectOf(account), "");
        return AccountOutcome.Of(account, await ForgiveAsync(account, await users.SetPasswordAsync(account, password!)));
    }

    /// <summary>Draws a second factor for the account's own owner; it counts once confirmed. One that counts already must be taken away first.</summary>
    public async Task<(SecondFactorOffer? Offer, AccountOutcome Outcome)> OfferSecondFactorAsync(Account account)
    {
        if (account.SecondFactorAt is not null)
        {
            return (null, AccountOutcome.Refused("second-factor-there", "There is a second factor already; an administrator can take it away."));
        }

        var outcome = AccountOutcome.Of(account, await users.ResetAuthenticatorKeyAsync(account));
        var secret = await users.GetAuthenticatorKeyAsync(account);
        return outcome.Done ? (new SecondFactorOffer(secret!, new OtpUri(OtpType.Totp, secret, account.Name, Issuer).ToString()), outcome) : (null, outcome);
    }

    /// <summary>Confirms it with a code of the app; the recovery codes are shown this once. Every other session of the account ends.</summary>
    public async Task<(IReadOnlyList<string>? RecoveryCodes, AccountOutcome Outcome)> ConfirmSecondFactorAsync(Account account, string? code)
    {
        if (account.SecondFactorAt is not null || !await users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, Plain(code)))
        {
            return (null, AccountOutcome.Refused("code-wrong", "This code is wrong, or was used already.", "code"));
        }

        await audit(account.Name, "account.secondFactorConfirmed", SubjectOf(account), "");
        // A power cut between the two: codes of a second factor that does not count; the next confirmation replaces them.
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(account, AccountRules.RecoveryCodes);
        var outcome = AccountOutcome.Of(account, await users.SetTwoFactorEnabledAsync(account, true));
        return (outcome.Done ? codes!.ToList() : null, outcome);
    }

    /// <summary>For a telephone that is lost: the next sign-in asks for no code, and an administrator's rights sleep again.</summary>
    public Task<AccountOutcome> TakeSecondFactorAsync(long id, string actor) => ChangeAsync(id, _ => null, (actor, "account.secondFactorTaken", ""), async account =>
    {
        var taken = await users.SetTwoFactorEnabledAsync(account, false);
        if (taken.Succeeded)
        {
            // None in the place of those that there were. A power cut before: they open nothing without a second factor, and the next confirmation replaces them.
            await users.GenerateNewTwoFactorRecoveryCodesAsync(account, 0);
        }

        return taken;
    });

    /// <summary>The account behind a cookie, while the cookie's stamp is still the account's.</summary>
    public Account? FindValid(long id, string stamp) =>
        store.Find(id) is { Disabled: false } account && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(account.Stamp), Encoding.UTF8.GetBytes(stamp)) ? account : null;

    public Account? Find(long id) => store.Find(id);

    public IReadOnlyList<Account> List() => store.List();

    /// <summary>
    /// A change as every one is made: judged, then in the audit, then done. A power cut between the last two leaves the entry without the change.
    /// One at a time: of two administrators who disable each other at the same moment one stays.
    /// </summary>
    private async Task<AccountOutcome> ChangeAsync(
        long id, Func<Account, AccountOutcome?> judge, (string Actor, string Kind, string Content) entry, Func<Account, Task<IdentityResult>> change)
    {
        await oneChange.WaitAsync();
        try
        {
            if (store.Find(id) is not { } account)
            {
                return Unknown();
            }

            if (judge(account) is { } refused)
            {
                return refused;
            }

            await audit(entry.Actor, entry.Kind, SubjectOf(account), entry.Content);
            return AccountOutcome.Of(account, await change(account));
        }
        finally
        {
            oneChange.Release();
        }
    }

    private static AccountOutcome Locked() => AccountOutcome.Refused("account-locked", $"Too many wrong passwords. Locked for {AccountRules.LockOut.TotalMinutes:0} minutes.");

    private static AccountOutcome Unknown() => AccountOutcome.Refused("account-unknown", "There is no such account.");

    /// <summary>The refusal of what would leave the hub without an administrator; null while there is another, or when this is none.</summary>
    private AccountOutcome? LastAdministrator(Account account, string text) =>
        !account.Roles.Contains(Roles.Administrator) || store.List().Any(other => other.Id != account.Id && !other.Disabled && other.Roles.Contains(Roles.Administrator))
            ? null
            : AccountOutcome.Refused("last-administrator", text);

    private async Task<AccountOutcome> FailAsync(Account account, string why, AccountOutcome refusal)
    {
        await users.AccessFailedAsync(account);
        await audit(account.Name, account.Failures == 0 ? "account.locked" : "session.refused", SubjectOf(account), why);
        return refusal;
    }

    /// <summary>Forgets a lock-out and the failures so far: the right password was given, or somebody is let in again.</summary>
    private async Task<IdentityResult> ForgiveAsync(Account account, IdentityResult changed)
    {
        if (changed.Succeeded && account.LockedUntil is not null)
        {
            await users.SetLockoutEndDateAsync(account, null);
        }

        return changed.Succeeded ? await users.ResetAccessFailedCountAsync(account) : changed;
    }

    /// <summary>Whether this is a code of the app that was not used yet, or an unspent recovery code; either is spent by it.</summary>
    private async Task<bool> SpendCodeAsync(Account account, string code) => Plain(code) switch
    {
        { Length: AuthenticatorCodes.Digits } plain => await users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, plain),
        { Length: AccountRules.RecoveryCodeChars } plain => (await users.RedeemTwoFactorRecoveryCodeAsync(account, plain)).Succeeded,
        _ => false,
    };

    /// <summary>As people type codes from a screen or a sheet: with spaces, dashes and capitals. Empty for what is too long to be one.</summary>
    private static string Plain(string? code) => code is { Length: <= CodeCharsMax } ? code.Replace(" ", "").Replace("-", "").ToLowerInvariant() : "";

    private static string SubjectOf(Account account) => $"account/{account.Name}";

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
