using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;

namespace Gateway.Hub.Accounts;

/// <summary>
/// Who may come in. No default account and no default password exist: a fresh hub has a one-time setup link and nothing else.
/// Secrets made here are 32 random bytes; the store holds their SHA-256 only (random enough to need no salt or stretching).
/// Every change stands in the audit chain before it is made (I13): after a power cut between the two there is an entry without its change, never a change without its entry.
/// </summary>
/// <param name="audit">Appends actor, kind, subject and content to the chain, and returns when that is committed.</param>
/// <param name="secondFactor">Judges codes; null where no account has a second factor.</param>
/// <param name="administratorsNeedSecondFactor">True but in a demo: then an administrator's rights sleep until a second factor is confirmed.</param>
public sealed class AccountService(
    AccountStore store, TimeProvider time, Func<string, string, string, string, Task> audit, SecondFactor? secondFactor = null, bool administratorsNeedSecondFactor = false)
{
    /// <summary>The actor of what the hub's own command line does.</summary>
    public const string CommandLine = "command line";

    private const int SecretBytes = 32;
    private const int TokenNameLengthMax = 60;

    private readonly PasswordHasher<Account> hasher = new();
    private readonly Lazy<string> hashOfNobody = new(() => new PasswordHasher<Account>().HashPassword(null!, RandomText()));

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

        var key = RandomText();
        store.SetSetupKey(HashOf(key), time.GetUtcNow());
        return key;
    }

    public bool IsSetupKey(string? key) => !string.IsNullOrEmpty(key) && NeedsSetup && store.IsSetupKey(HashOf(key));

    /// <summary>Makes the first account, with all duties, and spends the key.</summary>
    public AccountOutcome SetUp(string? key, string? name, string? password)
    {
        if (!IsSetupKey(key))
        {
            return AccountOutcome.Refused("setup-key", "This setup link is not valid, or has been used. The hub prints a new one at its start as long as it has no account.", "key");
        }

        if ((AccountRules.CheckName(name) ?? AccountRules.CheckPassword(password, name!)) is { } refused)
        {
            return refused;
        }

        Record(name!.Trim(), "account.setUp", $"account/{name.Trim()}", string.Join(' ', Roles.OfFirstAccount));
        var account = store.AddFirst(HashOf(key!), NewAccount(name!, password!, Roles.OfFirstAccount), time.GetUtcNow());
        return account is null ? AccountOutcome.Refused("setup-key", "This setup link has just been used.", "key") : AccountOutcome.Of(account);
    }

    /// <param name="unit">A station, a level above one, or empty for the whole hub; that the hub knows it is the caller's to check.</param>
    public AccountOutcome Create(string? name, string? password, IReadOnlyList<string>? roles, string actor, string unit = "")
    {
        if ((AccountRules.CheckName(name) ?? AccountRules.CheckPassword(password, name!) ?? AccountRules.CheckRoles(roles) ?? AccountRules.CheckUnit(unit, roles!)) is { } refused)
        {
            return refused;
        }

        if (store.Count() >= AccountRules.AccountsMax)
        {
            return AccountOutcome.Refused("accounts-full", $"There are {AccountRules.AccountsMax} accounts, which is the most a hub keeps.");
        }

        if (store.Find(AccountRules.Normal(name!)) is not null)
        {
            return AccountOutcome.Refused("name-taken", "There is an account of that name.", "name");
        }

        Record(actor, "account.created", $"account/{name!.Trim()}", string.Join(' ', roles!) + (unit.Length > 0 ? $"; unit {unit}" : ""));
        var account = store.Add(NewAccount(name!, password!, [.. roles!.Distinct()]) with { Unit = unit });
        return account is null ? AccountOutcome.Refused("name-taken", "There is an account of that name.", "name") : AccountOutcome.Of(account);
    }

    /// <summary>
    /// Judges name and password. An unknown name, a wrong password and a disabled account give one and the same answer after the same work,
    /// so that the answer does not tell which names exist. Only a locked account says that it is locked.
    /// </summary>
    /// <param name="code">Of the authenticator app, or a recovery code; asked for by name (`code-needed`) once the password was right.</param>
    public AccountOutcome SignIn(string? name, string? password, string? code = null)
    {
        var wrong = AccountOutcome.Refused("sign-in-refused", "Name or password is wrong.");
        if (name is null || password is null || name.Length > AccountRules.NameLengthMax || password.Length > AccountRules.PasswordLengthMax)
        {
            return wrong;
        }

        var now = time.GetUtcNow();
        var account = store.Find(AccountRules.Normal(name));
        var judged = hasher.VerifyHashedPassword(account!, account?.PasswordHash ?? hashOfNobody.Value, password);
        if (account is null || account.Disabled)
        {
            // Without the typed name: people type passwords into the wrong field.
            Record("nobody", "session.refused", account is null ? "account" : $"account/{account.Name}", account is null ? "no such account" : "disabled");
            return wrong;
        }

        if (account.LockedUntil > now)
        {
            Record(account.Name, "session.refused", $"account/{account.Name}", "locked");
            return AccountOutcome.Refused("account-locked", $"Too many wrong passwords. Locked for {AccountRules.LockOut.TotalMinutes:0} minutes.");
        }

        if (judged == PasswordVerificationResult.Failed)
        {
            return Fail(account, "wrong password", wrong);
        }

        if (account.SecondFactorAt is not null && secondFactor is not null)
        {
            if (string.IsNullOrWhiteSpace(code))
            {
                return AccountOutcome.Refused("code-needed", "Enter the code of your authenticator app, or a recovery code.", "code");
            }

            if (!secondFactor.Check(account, code))
            {
                return Fail(account, "wrong code", AccountOutcome.Refused("code-wrong", "This code is wrong, or was used already.", "code"));
            }
        }

        if (account.Failures > 0 || account.LockedUntil is not null)
        {
            store.ClearFailures(account.Id);
        }

        Record(account.Name, "session.opened", $"account/{account.Name}", "");
        return AccountOutcome.Of(account);
    }

    /// <summary>What the account may do now: an administrator without a second factor may do what the other duties allow.</summary>
    public IReadOnlyList<string> RightsOf(Account account) =>
        Roles.RightsOf(account.Roles.Where(role => role != Roles.Administrator || !NeedsSecondFactor(account)));

    /// <summary>True while an administrator's rights sleep for want of a second factor.</summary>
    public bool NeedsSecondFactor(Account account) => administratorsNeedSecondFactor && account.SecondFactorAt is null && account.Roles.Contains(Roles.Administrator);

    /// <summary>Changes what the duties of an account are; its open sessions have the new rights with the next request.</summary>
    public AccountOutcome SetRoles(long id, IReadOnlyList<string>? roles, string actor)
    {
        if (AccountRules.CheckRoles(roles) is { } refused)
        {
            return refused;
        }

        if (store.Find(id) is not { } account)
        {
            return Unknown();
        }

        if (AccountRules.CheckUnit(account.Unit, roles!) is { } ofUnit)
        {
            return ofUnit;
        }

        if (account.Roles.Contains(Roles.Administrator) && !roles!.Contains(Roles.Administrator) && !HasOtherAdministrator(id))
        {
            return AccountOutcome.Refused("last-administrator", "The last administrator keeps this duty: nobody could give it back.");
        }

        Record(actor, "account.rolesChanged", $"account/{account.Name}", string.Join(' ', roles!));
        var changed = account with { Roles = [.. roles!.Distinct()] };
        store.Update(changed);
        return AccountOutcome.Of(changed);
    }

    /// <summary>Says where an account belongs; its open sessions see so with the next request.</summary>
    /// <param name="unit">As for <see cref="Create"/>.</param>
    public AccountOutcome SetUnit(long id, string unit, string actor)
    {
        if (store.Find(id) is not { } account)
        {
            return Unknown();
        }

        if (AccountRules.CheckUnit(unit, account.Roles) is { } refused)
        {
            return refused;
        }

        Record(actor, "account.unitChanged", $"account/{account.Name}", unit.Length > 0 ? unit : "the whole hub");
        var changed = account with { Unit = unit };
        store.Update(changed);
        return AccountOutcome.Of(changed);
    }

    /// <summary>A new password by an administrator, or by the account itself (then the old one is asked for). Every session of it ends.</summary>
    public AccountOutcome SetPassword(long id, string? password, string actor, string? oldPassword = null, bool isOwn = false)
    {
        if (store.Find(id) is not { } account)
        {
            return Unknown();
        }

        if (AccountRules.CheckPassword(password, account.Name) is { } refused)
        {
            return refused;
        }

        if (isOwn && (oldPassword is null || hasher.VerifyHashedPassword(account, account.PasswordHash, oldPassword) == PasswordVerificationResult.Failed))
        {
            return Fail(account, "wrong password at a change of it", AccountOutcome.Refused("password-wrong", "The old password is wrong.", "oldPassword"));
        }

        Record(actor, "account.passwordChanged", $"account/{account.Name}", "");
        var changed = account with { PasswordHash = hasher.HashPassword(account, password!), Stamp = RandomText(), Failures = 0, LockedUntil = null };
        store.Update(changed);
        return AccountOutcome.Of(changed);
    }

    /// <summary>Draws a second factor for the account's own owner; it counts once confirmed. One that counts already must be taken away first.</summary>
    public (SecondFactorOffer? Offer, AccountOutcome Outcome) OfferSecondFactor(Account account) =>
        account.SecondFactorAt is not null || secondFactor is null
            ? (null, AccountOutcome.Refused("second-factor-there", "There is a second factor already; an administrator can take it away."))
            : (secondFactor.Offer(account), AccountOutcome.Of(account));

    /// <summary>Confirms it with a code; the recovery codes are shown this once. Every other session of the account ends.</summary>
    public (IReadOnlyList<string>? RecoveryCodes, AccountOutcome Outcome) ConfirmSecondFactor(Account account, string? code)
    {
        if (account.SecondFactorAt is not null || secondFactor?.Confirm(account, code) is not { } codes)
        {
            return (null, AccountOutcome.Refused("code-wrong", "This code is wrong, or was used already.", "code"));
        }

        Record(account.Name, "account.secondFactorConfirmed", $"account/{account.Name}", "");
        var changed = store.Find(account.Id)! with { Stamp = RandomText() };
        store.Update(changed);
        return (codes, AccountOutcome.Of(changed));
    }

    /// <summary>For a telephone that is lost: the next sign-in asks for no code, and an administrator's rights sleep again.</summary>
    public AccountOutcome TakeSecondFactor(long id, string actor)
    {
        if (store.Find(id) is not { } account)
        {
            return Unknown();
        }

        Record(actor, "account.secondFactorTaken", $"account/{account.Name}", "");
        store.ClearTotp(id);
        var changed = account with { Stamp = RandomText(), SecondFactorAt = null };
        store.Update(changed);
        return AccountOutcome.Of(changed);
    }

    private static AccountOutcome Unknown() => AccountOutcome.Refused("account-unknown", "There is no such account.");

    private bool HasOtherAdministrator(long id) => store.List().Any(other => other.Id != id && !other.Disabled && other.Roles.Contains(Roles.Administrator));

    private AccountOutcome Fail(Account account, string why, AccountOutcome refusal)
    {
        var locks = store.CountFailure(account.Id, time.GetUtcNow() + AccountRules.LockOut);
        Record(account.Name, locks ? "account.locked" : "session.refused", $"account/{account.Name}", why);
        return refusal;
    }

    /// <summary>The account behind a cookie, while the cookie's stamp is still the account's.</summary>
    public Account? FindValid(long id, string stamp) =>
        store.Find(id) is { Disabled: false } account && FixedTimeEquals(account.Stamp, stamp) ? account : null;

    public Account? Find(long id) => store.Find(id);

    public IReadOnlyList<Account> List() => store.List();

    /// <summary>Disables or enables; open sessions of a disabled account end with their next request.</summary>
    public AccountOutcome SetDisabled(long id, bool disabled, string actor)
    {
        if (store.Find(id) is not { } account)
        {
            return AccountOutcome.Refused("account-unknown", "There is no such account.");
        }

        if (disabled && account.Roles.Contains(Roles.Administrator) && !HasOtherAdministrator(id))
        {
            return AccountOutcome.Refused("last-administrator", "The last administrator cannot be disabled: nobody could undo it.");
        }

        Record(actor, disabled ? "account.disabled" : "account.enabled", $"account/{account.Name}", "");
        var changed = account with { Disabled = disabled, Stamp = RandomText(), Failures = 0, LockedUntil = null };
        store.Update(changed);
        return AccountOutcome.Of(changed);
    }

    /// <summary>Ends every session of an account, as for a phone that is lost: its cookies are no longer valid with the next request.</summary>
    public AccountOutcome EndSessions(long id, string actor)
    {
        if (store.Find(id) is not { } account)
        {
            return AccountOutcome.Refused("account-unknown", "There is no such account.");
        }

        Record(actor, "account.sessionsEnded", $"account/{account.Name}", "");
        var changed = account with { Stamp = RandomText() };
        store.Update(changed);
        return AccountOutcome.Of(changed);
    }

    /// <summary>Ends one session of an account; false when it has none of that id.</summary>
    public bool EndSession(long id, string session, SessionStore sessions, string actor)
    {
        if (store.Find(id) is not { } account || sessions.Of(id).All(open => open.Id != session))
        {
            return false;
        }

        Record(actor, "account.sessionEnded", $"account/{account.Name}", "");
        return sessions.End(id, session);
    }

    /// <summary>A bearer token for a program. Its text is in the answer and nowhere else. Live tokens of the same name are revoked first: a name has one token.</summary>
    /// <param name="scopes">Names of <see cref="Rights"/>.</param>
    /// <exception cref="ArgumentException">A name of 1 to 60 characters and at least one known scope are needed.</exception>
    /// <exception cref="InvalidOperationException">There are <see cref="AccountRules.TokensMax"/> live tokens.</exception>
    public async Task<CreatedToken> CreateTokenAsync(string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt = null, string actor = CommandLine, string unit = "")
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > TokenNameLengthMax)
        {
            throw new ArgumentException($"A token's name has 1 to {TokenNameLengthMax} characters.", nameof(name));
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
        store.RevokeTokens(name, time.GetUtcNow());
        if (store.CountLiveTokens() >= AccountRules.TokensMax)
        {
            throw new InvalidOperationException($"There are {AccountRules.TokensMax} live tokens, which is the most a hub keeps. Revoke one.");
        }

        var text = "gw_" + RandomText();
        var token = store.AddToken(new ApiToken(0, name, [.. scopes.Distinct().Order(StringComparer.Ordinal)], time.GetUtcNow(), expiresAt, null) { Unit = unit }, HashOf(text));
        return new CreatedToken(token, text);
    }

    public IReadOnlyList<ApiToken> Tokens() => store.ListTokens();

    public bool RevokeToken(long id, string actor)
    {
        Record(actor, "token.revoked", $"token/{id}", "");
        return store.RevokeToken(id, time.GetUtcNow());
    }

    /// <summary>The token behind a bearer's text, unless it is unknown, revoked or over.</summary>
    public ApiToken? FindValidToken(string text) =>
        store.FindToken(HashOf(text)) is { RevokedAt: null } token && !(token.ExpiresAt <= time.GetUtcNow()) ? token : null;

    /// <summary>Account changes are rare and wait: the hub's writer has a thread of its own, so this cannot block itself.</summary>
    private void Record(string actor, string kind, string subject, string content) => audit(actor, kind, subject, content).GetAwaiter().GetResult();

    private Account NewAccount(string name, string password, IReadOnlyList<string> roles)
    {
        var account = new Account(0, name.Trim(), "", roles, RandomText(), false, 0, null, time.GetUtcNow());
        return account with { PasswordHash = hasher.HashPassword(account, password) };
    }

    private static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static bool FixedTimeEquals(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
