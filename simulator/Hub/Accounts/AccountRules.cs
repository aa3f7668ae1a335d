namespace Gateway.Hub.Accounts;

/// <summary>What a name and a password must be. Pure.</summary>
public static class AccountRules
{
    public const int NameLengthMin = 2;
    public const int NameLengthMax = 40;

    /// <summary>Long rather than complicated (NIST SP 800-63B section 5.1.1.2); no composition rules.</summary>
    public const int PasswordLengthMin = 10;

    /// <summary>Bounds the work of hashing.</summary>
    public const int PasswordLengthMax = 128;

    /// <summary>Wrong passwords until the account locks itself.</summary>
    public const int FailuresMax = 5;

    /// <summary>How long it then stays locked. A right password does not open it sooner.</summary>
    public static readonly TimeSpan LockOut = TimeSpan.FromMinutes(5);

    /// <summary>More accounts than any station has; a full store refuses by name.</summary>
    public const int AccountsMax = 1_000;

    /// <summary>Live tokens at most; a full store refuses by name.</summary>
    public const int TokensMax = 200;

    /// <summary>Long sessions are for phones in the field, not for those who can change accounts or waive duties.</summary>
    public static bool MayStay(Account account) =>
        Roles.RightsOf(account.Roles) is var rights && !rights.Contains(Rights.Administer) && !rights.Contains(Rights.Supervise);

    public static AccountOutcome? CheckName(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length is < NameLengthMin or > NameLengthMax)
        {
            return AccountOutcome.Refused("name-length", $"A name has {NameLengthMin} to {NameLengthMax} characters.", "name");
        }

        return name.Any(char.IsControl) ? AccountOutcome.Refused("name-characters", "A name has no control characters.", "name") : null;
    }

    public static AccountOutcome? CheckPassword(string? password, string name)
    {
        if (password is null || password.Length is < PasswordLengthMin or > PasswordLengthMax)
        {
            return AccountOutcome.Refused("password-length", $"A password has {PasswordLengthMin} to {PasswordLengthMax} characters.", "password");
        }

        if (password.Contains(name.Trim(), StringComparison.OrdinalIgnoreCase) || password.Distinct().Count() < 4)
        {
            return AccountOutcome.Refused("password-guessable", "A password does not contain the name, and has at least four different characters.", "password");
        }

        return null;
    }

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

    /// <summary>Names differ by more than case and surrounding space.</summary>
    public static string Normal(string name) => name.Trim().ToUpperInvariant();
}
