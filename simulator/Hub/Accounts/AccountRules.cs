using Microsoft.AspNetCore.Identity;

namespace Gateway.Hub.Accounts;

/// <summary>The bounds of names and passwords, of lock-out and of how many there may be, and what an account's duties must be. Pure.</summary>
public static class AccountRules
{
    public const int NameLengthMin = 2;
    public const int NameLengthMax = 40;

    /// <summary>Long rather than complicated (NIST SP 800-63B section 5.1.1.2); no composition rules.</summary>
    public const int PasswordLengthMin = 10;

    /// <summary>Bounds the work of hashing.</summary>
    public const int PasswordLengthMax = 128;

    public const int PasswordUniqueCharsMin = 4;

    /// <summary>Wrong passwords and codes until the account locks itself.</summary>
    public const int FailuresMax = 5;

    /// <summary>How long it then stays locked. A right password does not open it sooner.</summary>
    public static readonly TimeSpan LockOut = TimeSpan.FromMinutes(5);

    /// <summary>Recovery codes of a second factor, each good once.</summary>
    public const int RecoveryCodes = 10;

    public const int RecoveryCodeChars = 12;

    /// <summary>More accounts than any station has; a full store refuses by name.</summary>
    public const int AccountsMax = 1_000;

    /// <summary>Live tokens at most; a full store refuses by name.</summary>
    public const int TokensMax = 200;

    /// <summary>The same, as Identity asks for it. A name may be of any writing.</summary>
    public static void Configure(IdentityOptions options)
    {
        options.User.AllowedUserNameCharacters = "";
        options.Password = new PasswordOptions
        {
            RequiredLength = PasswordLengthMin,
            RequiredUniqueChars = PasswordUniqueCharsMin,
            RequireDigit = false,
            RequireLowercase = false,
            RequireUppercase = false,
            RequireNonAlphanumeric = false,
        };
        options.Lockout.MaxFailedAccessAttempts = FailuresMax;
        options.Lockout.DefaultLockoutTimeSpan = LockOut;
    }

    /// <summary>Long sessions are for phones in the field, not for those who can change accounts or waive duties.</summary>
    public static bool MayStay(Account account) =>
        Roles.RightsOf(account.Roles) is var rights && !rights.Contains(Rights.Administer) && !rights.Contains(Rights.Supervise);

    public static AccountOutcome? CheckRoles(IReadOnlyList<string>? roles)
    {
        if (roles is null || roles.Count == 0)
        {
            return AccountOutcome.Refused("roles-missing", "An account has at least one role.", "roles");
        }

        var unknown = roles.FirstOrDefault(role => !Roles.IsKnown(role));
        return unknown is null ? null : AccountOutcome.Refused("roles-unknown", $"There is no role of that name. Roles: {string.Join(", ", Roles.All)}.", "roles");
    }

    /// <summary>Whoever makes accounts could make one of any unit: so an administrator is of the whole hub.</summary>
    public static AccountOutcome? CheckUnit(string unit, IEnumerable<string> roles) => unit.Length > 0 && roles.Contains(Roles.Administrator)
        ? AccountOutcome.Refused("administrator-of-the-hub", "An administrator is of the whole hub, and of no station or level above.", "unit")
        : null;
}
