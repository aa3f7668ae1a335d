using System.Security.Cryptography;
using System.Text;
using Gateway.Hub.Fleet;

namespace Gateway.Hub.Accounts;

/// <summary>A secret at the only moment when it is shown.</summary>
public sealed record SecondFactorOffer(string Secret, string Uri);

/// <summary>
/// The second factor of an account: an authenticator app, and recovery codes for the day it is lost. An administrator's rights sleep until it is confirmed
/// (<see cref="AccountService.RightsOf"/>). The secret is stored wrapped under the master key in <c>hub.key</c>; recovery codes as hashes, each good once.
/// </summary>
public sealed class SecondFactor(AccountStore store, KeyVault vault, TimeProvider time)
{
    public const int RecoveryCodes = 10;
    private const int RecoveryCodeChars = 12;
    private const int CodeCharsMax = 32;
    private const string Issuer = "Emergency-call hub";

    /// <summary>Draws a secret; it counts only once a code of it was given. An unconfirmed earlier one is forgotten.</summary>
    public SecondFactorOffer Offer(Account account)
    {
        var secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        store.SetTotp(account.Id, vault.Wrap(Purpose(account), secret));
        return new SecondFactorOffer(Totp.Base32(secret), Totp.Uri(Issuer, account.Name, secret));
    }

    /// <summary>Confirms the offered secret with one of its codes. Returns the recovery codes, which are shown this once; null when the code is wrong.</summary>
    public IReadOnlyList<string>? Confirm(Account account, string? code)
    {
        if (Step(account, code) is not { } step)
        {
            return null;
        }

        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", RecoveryCodeChars)).ToList();
        store.ConfirmTotp(account.Id, step, time.GetUtcNow(), codes.Select(HashOf));
        return codes;
    }

    /// <summary>Whether this is a code of the app that was not used yet, or an unspent recovery code; either is spent by it.</summary>
    public bool Check(Account account, string code)
    {
        if (code.Length > CodeCharsMax)
        {
            return false;
        }

        var plain = code.Replace(" ", "").Replace("-", "").ToLowerInvariant();
        return Step(account, plain) is { } step
            ? store.SpendStep(account.Id, step)
            : plain.Length == RecoveryCodeChars && store.SpendRecoveryCode(account.Id, HashOf(plain), time.GetUtcNow());
    }

    private long? Step(Account account, string? code) =>
        code is { Length: Totp.Digits } && store.FindTotp(account.Id) is { } totp
            ? Totp.Match(vault.Unwrap(Purpose(account), totp.Wrapped), code, time.GetUtcNow(), totp.LastStep)
            : null;

    private static string Purpose(Account account) => FormattableString.Invariant($"totp/{account.Id}");

    private static byte[] HashOf(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));
}
