using Microsoft.AspNetCore.Identity;

namespace Gateway.Hub.Accounts;

/// <summary>Identity's objections under the names of our refusals: the console tells those in the reader's language.</summary>
public sealed class AccountErrors : IdentityErrorDescriber
{
    public override IdentityError InvalidUserName(string? userName) => NameLength();

    public override IdentityError DuplicateUserName(string userName) => Refused("name-taken", "There is an account of that name.");

    public override IdentityError PasswordTooShort(int length) => PasswordLength();

    public override IdentityError PasswordRequiresUniqueChars(int uniqueChars) => PasswordGuessable();

    public override IdentityError ConcurrencyFailure() => Refused("account-changed", "Somebody else changed this account at the same moment. Look at it again.");

    public static IdentityError NameLength() => Refused("name-length", $"A name has {AccountRules.NameLengthMin} to {AccountRules.NameLengthMax} characters.");

    public static IdentityError NameCharacters() => Refused("name-characters", "A name has no control characters.");

    public static IdentityError PasswordLength() => Refused("password-length", $"A password has {AccountRules.PasswordLengthMin} to {AccountRules.PasswordLengthMax} characters.");

    public static IdentityError PasswordGuessable() =>
        Refused("password-guessable", $"A password does not contain the name, and has at least {AccountRules.PasswordUniqueCharsMin} different characters.");

    public static IdentityError SetupKeySpent() => Refused("setup-key", "This setup link has just been used.");

    /// <summary>The member of the request that is at fault; null when none is.</summary>
    public static string? MemberOf(IdentityError error) => error.Code switch
    {
        "setup-key" => "key",
        _ when error.Code.StartsWith("name-", StringComparison.Ordinal) => "name",
        _ when error.Code.StartsWith("password-", StringComparison.Ordinal) => "password",
        _ => null,
    };

    private static IdentityError Refused(string name, string text) => new() { Code = name, Description = text };
}
