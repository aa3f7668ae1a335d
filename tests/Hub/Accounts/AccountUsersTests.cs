using System.Security.Cryptography;
using System.Text;
using Gateway.Hub.Accounts;
using Gateway.Hub.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OtpNet;

namespace Gateway.Hub.Tests.Accounts;

/// <summary>ASP.NET Core Identity over our own store: what happens at the same moment, what an earlier program stored, and where Identity's own way would end a session.</summary>
public sealed class AccountUsersTests : IDisposable
{
    private const int Parallel = 40;

    private readonly AccountHarness harness = new();

    private AccountUsers Users => harness.Users;

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task Of_parallel_failures_each_counts_and_every_fifth_locks()
    {
        var account = await harness.SetUpFirstAsync();
        // Each from a reading of its own, as two sign-ins at the same moment have it.
        var counted = await AtOnceAsync(async () =>
        {
            var own = harness.Store.Find(account.Id)!;
            Assert.True((await Users.AccessFailedAsync(own)).Succeeded);
            return own.Failures;
        });
        Assert.Equal(Enumerable.Range(0, Parallel).Select(i => i % AccountRules.FailuresMax).Order(), counted.Order());
        Assert.True(await Users.IsLockedOutAsync(account));

        // Identity's own way to count, by which nothing locks, shares no count either.
        await AtOnceAsync(() => harness.Store.IncrementAccessFailedCountAsync(harness.Store.Find(account.Id)!, default));
        Assert.Equal(Parallel, await Users.GetAccessFailedCountAsync(account));
    }

    [Fact]
    public async Task Five_wrong_passwords_at_once_lock_and_the_audit_says_so_once()
    {
        await harness.SetUpFirstAsync();
        var refusals = await Task.WhenAll(Enumerable.Range(0, AccountRules.FailuresMax).Select(_ => Task.Run(() => harness.Accounts.SignInAsync("Desk 1", "wrong password"))));
        Assert.All(refusals, refusal => Assert.Equal("sign-in-refused", refusal.Refusal));
        Assert.Single(harness.Audited, entry => entry.Kind == "account.locked");
        Assert.Equal(AccountRules.FailuresMax - 1, harness.Audited.Count(entry => entry.Kind == "session.refused"));
        Assert.Equal("account-locked", (await harness.Accounts.SignInAsync("Desk 1", AccountHarness.Password)).Refusal);
    }

    [Fact]
    public async Task A_change_from_a_reading_that_is_no_longer_true_is_refused_and_overwrites_nothing()
    {
        var account = await harness.SetUpFirstAsync();
        var (early, late) = (harness.Store.Find(account.Id)!, harness.Store.Find(account.Id)!);
        early.Disabled = true;
        Assert.True((await Users.UpdateSecurityStampAsync(early)).Succeeded);

        late.Roles = [Roles.Auditor];
        var refused = AccountOutcome.Of(late, await Users.UpdateAsync(late));
        Assert.Equal("account-changed", refused.Refusal);
        var stored = harness.Store.Find(account.Id)!;
        Assert.True(stored.Disabled);
        Assert.Equal(account.Roles, stored.Roles);

        // Counting and locking need no true reading: they are no part of it.
        await Users.AccessFailedAsync(late);
        Assert.Equal(1, harness.Store.Find(account.Id)!.Failures);
    }

    [Fact]
    public async Task Of_two_administrators_who_disable_each_other_at_once_one_stays()
    {
        var first = await harness.SetUpFirstAsync();
        var second = (await harness.Accounts.CreateAsync("Desk 2", AccountHarness.Password, [Roles.Administrator], "test")).Account!;
        for (var round = 0; round < 10; round++)
        {
            var outcomes = await Task.WhenAll(
                Task.Run(() => harness.Accounts.SetDisabledAsync(second.Id, true, first.Name)), Task.Run(() => harness.Accounts.SetRolesAsync(first.Id, [Roles.Operator], second.Name)));
            Assert.Equal("last-administrator", Assert.Single(outcomes, outcome => !outcome.Done).Refusal);
            Assert.Single(harness.Accounts.List(), account => !account.Disabled && account.Roles.Contains(Roles.Administrator));
            await harness.Accounts.SetDisabledAsync(second.Id, false, "test");
            await harness.Accounts.SetRolesAsync(first.Id, [Roles.Administrator], "test");
        }
    }

    [Fact]
    public async Task Of_two_who_use_the_setup_link_at_once_one_gets_in()
    {
        var key = harness.Accounts.CreateSetupKey();
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 4).Select(i => Task.Run(() => harness.Accounts.SetUpAsync(key, $"Desk {i}", AccountHarness.Password))));
        Assert.Single(outcomes, outcome => outcome.Done);
        Assert.All(outcomes.Where(outcome => !outcome.Done), outcome => Assert.Equal("setup-key", outcome.Refusal));
        Assert.Single(harness.Accounts.List());
    }

    [Fact]
    public async Task A_recovery_code_that_is_sent_many_times_at_once_opens_once()
    {
        var (account, _, codes) = await harness.SetUpWithSecondFactorAsync();
        Assert.Equal(AccountRules.RecoveryCodes, codes.Count);
        var redeemed = await AtOnceAsync(() => Users.RedeemTwoFactorRecoveryCodeAsync(harness.Store.Find(account.Id)!, codes[0]));
        Assert.Single(redeemed, result => result.Succeeded);
        Assert.Equal(AccountRules.RecoveryCodes - 1, await Users.CountRecoveryCodesAsync(account));
    }

    [Fact]
    public async Task A_recovery_code_is_taken_as_people_type_it_and_goes_with_the_second_factor()
    {
        var (account, _, codes) = await harness.SetUpWithSecondFactorAsync();
        var typed = $"{codes[0][..4]}-{codes[0][4..8]} {codes[0][8..]}".ToUpperInvariant();
        Assert.Equal("code-needed", (await harness.Accounts.SignInAsync("Desk 1", AccountHarness.Password)).Refusal);
        Assert.True((await harness.Accounts.SignInAsync("Desk 1", AccountHarness.Password, typed)).Done);
        Assert.Equal("code-wrong", (await harness.Accounts.SignInAsync("Desk 1", AccountHarness.Password, typed)).Refusal);

        Assert.True((await harness.Accounts.TakeSecondFactorAsync(account.Id, "test")).Done);
        var taken = harness.Store.Find(account.Id)!;
        Assert.Null(taken.SecondFactorAt);
        Assert.Null(await Users.GetAuthenticatorKeyAsync(taken));
        Assert.Equal(0, await Users.CountRecoveryCodesAsync(taken));
        Assert.True((await harness.Accounts.SignInAsync("Desk 1", AccountHarness.Password)).Done);
    }

    [Fact]
    public async Task Drawing_a_secret_ends_no_session_and_confirming_it_ends_all()
    {
        var account = await harness.SetUpFirstAsync();
        var stamp = account.Stamp;
        var offer = (await harness.Accounts.OfferSecondFactorAsync(account)).Offer!;
        Assert.NotNull(harness.Accounts.FindValid(account.Id, stamp));
        Assert.StartsWith($"otpauth://totp/Emergency-call%20hub:Desk%201?secret={offer.Secret}&", offer.Uri);

        Assert.Equal("code-wrong", (await harness.Accounts.ConfirmSecondFactorAsync(account, "000000")).Outcome.Refusal);
        Assert.True((await harness.Accounts.ConfirmSecondFactorAsync(account, harness.CodeOf(offer.Secret))).Outcome.Done);
        Assert.Null(harness.Accounts.FindValid(account.Id, stamp));
    }

    [Fact]
    public async Task A_password_whose_hash_is_weaker_than_todays_is_hashed_anew_at_the_sign_in_and_no_session_ends()
    {
        var account = await harness.SetUpFirstAsync();
        var weak = new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })).HashPassword(account, AccountHarness.Password);
        Execute("UPDATE accounts SET password_hash = $1", weak);

        Assert.True((await harness.Accounts.SignInAsync("Desk 1", AccountHarness.Password)).Done);
        var stored = harness.Store.Find(account.Id)!;
        Assert.NotEqual(weak, stored.PasswordHash);
        Assert.Equal(account.Stamp, stored.Stamp);
        Assert.Equal(PasswordVerificationResult.Success, Users.PasswordHasher.VerifyHashedPassword(stored, stored.PasswordHash, AccountHarness.Password));
    }

    [Fact]
    public async Task An_account_as_an_earlier_program_stored_it_signs_in_with_password_app_and_recovery_code()
    {
        var secret = RandomNumberGenerator.GetBytes(20);
        var text = Base32Encoding.ToString(secret);
        // A name that Unicode can compose otherwise: it was stored as it was typed.
        Execute(
            "INSERT INTO accounts (id, name, normal_name, password_hash, roles, stamp, created_ms, totp_key, totp_confirmed_ms, totp_step) VALUES (7, $1, $2, $3, 'operator administrator', $4, 0, $5, 0, $6)",
            "Bu\u0308ro 1", "BU\u0308RO 1", new PasswordHasher<Account>().HashPassword(null!, AccountHarness.Password), "L-2hUfSgB7rOmUO5YWTt0aI_5Jc7hE1vGJb0xkHk3rY",
            harness.Vault.Wrap("totp/7", secret), harness.Time.GetUtcNow().ToUnixTimeSeconds() / 30 - 1);
        Execute("INSERT INTO recovery_codes (account_id, hash) VALUES (7, $1)", SHA256.HashData(Encoding.UTF8.GetBytes("abcdefghjkmn")));

        Assert.NotNull(harness.Accounts.FindValid(7, "L-2hUfSgB7rOmUO5YWTt0aI_5Jc7hE1vGJb0xkHk3rY"));
        Assert.Equal("code-wrong", (await harness.Accounts.SignInAsync("bu\u0308ro 1", AccountHarness.Password, harness.CodeOf(text, -1))).Refusal);
        Assert.True((await harness.Accounts.SignInAsync("bu\u0308ro 1", AccountHarness.Password, harness.CodeOf(text))).Done);
        Assert.True((await harness.Accounts.SignInAsync("Bu\u0308ro 1", AccountHarness.Password, "abcdefghjkmn")).Done);
        Assert.Equal([Roles.Operator, Roles.Administrator], harness.Store.Find(7)!.Roles);
    }

    [Fact]
    public async Task An_account_keeps_its_name_and_its_row_for_the_audits_sake()
    {
        var account = await harness.SetUpFirstAsync();
        await Assert.ThrowsAsync<NotSupportedException>(() => Users.DeleteAsync(account));
        await Assert.ThrowsAsync<NotSupportedException>(() => Users.SetUserNameAsync(account, "Desk 2"));
        await Assert.ThrowsAsync<NotSupportedException>(() => Users.SetLockoutEnabledAsync(account, false));
        Assert.Equal("Desk 1", (await Users.FindByIdAsync("1"))!.Name);
        Assert.Null(await Users.FindByIdAsync("one"));
    }

    private void Execute(string sql, params object?[] values)
    {
        using var connection = harness.Database.Connect();
        connection.Execute(sql, values);
    }

    private static Task<T[]> AtOnceAsync<T>(Func<Task<T>> work) => Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => Task.Run(work)));
}
