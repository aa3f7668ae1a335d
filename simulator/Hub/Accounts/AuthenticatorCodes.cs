using Microsoft.AspNetCore.Identity;
using OtpNet;

namespace Gateway.Hub.Accounts;

/// <summary>
/// The codes of an authenticator app (RFC 6238: HMAC-SHA1, 6 digits, steps of 30 s), as Identity's token provider. What is inherited finds the secret; the judgement is not Identity's
/// own, which takes the same code again for five steps long and looks at the system's clock: here a code counts once, also when it is sent twice at the same moment.
/// </summary>
public sealed class AuthenticatorCodes(AccountStore store, TimeProvider time) : AuthenticatorTokenProvider<Account>
{
    public const int Digits = 6;

    /// <summary>Steps before and after the present one that still count: clocks of telephones are a little off (RFC 6238 section 5.2).</summary>
    private static readonly VerificationWindow Drift = new(previous: 1, future: 1);

    public override async Task<bool> ValidateAsync(string purpose, string token, UserManager<Account> manager, Account user) =>
        token is { Length: Digits }
        && await manager.GetAuthenticatorKeyAsync(user) is { } key
        && new Totp(Base32Encoding.ToBytes(key)).VerifyTotp(time.GetUtcNow().UtcDateTime, token, out var step, Drift)
        && store.SpendStep(user, step);
}
