using Gateway.Hub.Accounts;
using Gateway.Hub.Fleet;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using OtpNet;

namespace Gateway.Hub.Tests.Accounts;

/// <summary>The accounts on a database of their own, composed as the hub composes them, with a clock that stands still and a list in the place of the audit chain.</summary>
internal sealed class AccountHarness : IDisposable
{
    public const string Password = "quiet steppe morning";

    private readonly TempFolder folder = new();
    private readonly ServiceProvider services;

    public AccountHarness(TimeProvider? clock = null)
    {
        Database = HubDatabase.Open(folder.Path);
        Vault = KeyVault.Open(folder.Path, mayCreate: true);
        Store = new AccountStore(Database.Connect, Vault, clock ?? Time);
        services = new ServiceCollection().AddSingleton(Store).AddSingleton(clock ?? Time).AddAccountUsers()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        Users = services.GetRequiredService<AccountUsers>();
        Accounts = new AccountService(Users, Store, Audit, administratorsNeedSecondFactor: false);
        Tokens = new TokenService(new TokenStore(Database.Connect), clock ?? Time, Audit);
    }

    public TestTime Time { get; } = new();

    public HubDatabase Database { get; }

    public KeyVault Vault { get; }

    public AccountStore Store { get; }

    public AccountUsers Users { get; }

    public AccountService Accounts { get; }

    public TokenService Tokens { get; }

    /// <summary>What was audited: actor, kind, subject and how many accounts there were at that moment.</summary>
    public List<(string Actor, string Kind, string Subject, int Accounts)> Audited { get; } = [];

    public async Task<Account> SetUpFirstAsync() => (await Accounts.SetUpAsync(Accounts.CreateSetupKey(), "Desk 1", Password)).Account!;

    /// <summary>The first account with a confirmed second factor.</summary>
    public async Task<(Account Account, string Secret, IReadOnlyList<string> RecoveryCodes)> SetUpWithSecondFactorAsync()
    {
        var account = await SetUpFirstAsync();
        var offer = (await Accounts.OfferSecondFactorAsync(account)).Offer!;
        var (codes, outcome) = await Accounts.ConfirmSecondFactorAsync(Store.Find(account.Id)!, CodeOf(offer.Secret));
        Assert.True(outcome.Done, outcome.Text);
        return (outcome.Account!, offer.Secret, codes!);
    }

    /// <summary>What an app with this secret shows now, or so many steps of 30 s later.</summary>
    public string CodeOf(string secret, int steps = 0) => CodeOf(secret, Time.GetUtcNow().AddSeconds(30 * steps));

    public static string CodeOf(string secret, DateTimeOffset at) => new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(at.UtcDateTime);

    public Task<bool> VerifyAsync(Account account, string code) => Users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, code);

    public void Dispose()
    {
        services.Dispose();
        Database.Close();
        folder.Dispose();
    }

    private Task Audit(string actor, string kind, string subject, string content)
    {
        lock (Audited)
        {
            Audited.Add((actor, kind, subject, Store.Count()));
        }

        return Task.CompletedTask;
    }
}
