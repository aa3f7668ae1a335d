using Microsoft.AspNetCore.Identity;

namespace Gateway.Hub.Accounts;

/// <summary>What a name must be, beside Identity's own rule that it is not taken; and under what it is found: names differ by more than case and surrounding space.</summary>
public sealed class NameRules : IUserValidator<Account>, ILookupNormalizer
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user) => Task.FromResult(user.Name switch
    {
        { Length: < AccountRules.NameLengthMin or > AccountRules.NameLengthMax } => IdentityResult.Failed(AccountErrors.NameLength()),
        { } name when name.Any(char.IsControl) => IdentityResult.Failed(AccountErrors.NameCharacters()),
        _ => IdentityResult.Success,
    });

    /// <summary>Not Identity's own normalizer: that one composes letters too, and would no longer find a name that an earlier program stored as it was typed.</summary>
    public string? NormalizeName(string? name) => name?.Trim().ToUpperInvariant();

    public string? NormalizeEmail(string? email) => email;
}
