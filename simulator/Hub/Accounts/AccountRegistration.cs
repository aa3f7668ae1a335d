using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Accounts;

/// <summary>ASP.NET Core Identity core over our own store, for the container: no Entity Framework, no RoleManager, no SignInManager.</summary>
public static class AccountRegistration
{
    /// <summary>Adds <see cref="AccountUsers"/>. <see cref="AccountStore"/> and a <see cref="TimeProvider"/> are the caller's to add.</summary>
    public static IServiceCollection AddAccountUsers(this IServiceCollection services)
    {
        // One of each for the whole hub, where AddIdentityCore would make them anew for every request: they hold nothing between two calls.
        // They come first, because it adds only what is not there yet.
        services.AddSingleton<AccountUsers>();
        services.AddSingleton<UserManager<Account>>(provider => provider.GetRequiredService<AccountUsers>());
        services.AddSingleton<IUserStore<Account>>(provider => provider.GetRequiredService<AccountStore>());
        services.AddSingleton<IUserValidator<Account>, NameRules>().AddSingleton<IUserValidator<Account>, UserValidator<Account>>();
        services.AddSingleton<IPasswordValidator<Account>, PasswordValidator<Account>>().AddSingleton<IPasswordValidator<Account>, PasswordRules>();
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.AddSingleton<ILookupNormalizer, NameRules>();
        services.AddSingleton<IdentityErrorDescriber, AccountErrors>();
        services.AddIdentityCore<Account>(AccountRules.Configure).AddTokenProvider<AuthenticatorCodes>(TokenOptions.DefaultAuthenticatorProvider);
        return services;
    }
}
