using Microsoft.AspNetCore.Identity;

namespace Gateway.Hub.Accounts;

/// <summary>What a password must be, beside the length and the different characters that Identity's own rules see to (<see cref="AccountRules.Configure"/>).</summary>
public sealed class PasswordRules : IPasswordValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) => Task.FromResult(password switch
    {
        { Length: > AccountRules.PasswordLengthMax } => IdentityResult.Failed(AccountErrors.PasswordLength()),
        { } when user.Name.Length > 0 && password.Contains(user.Name, StringComparison.OrdinalIgnoreCase) => IdentityResult.Failed(AccountErrors.PasswordGuessable()),
        _ => IdentityResult.Success,
    });
}
