using System.Text;
using Gateway.Hub.Accounts;
using OtpNet;

namespace Gateway.Hub.Tests.Accounts;

/// <summary>One-time codes by the test vectors of RFC 6238 appendix B (their last six digits), as Identity asks our token provider for them.</summary>
public sealed class AuthenticatorCodesTests
{
    private static readonly string Secret = Base32Encoding.ToString(Encoding.ASCII.GetBytes("12345678901234567890"));

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    public async Task A_code_is_that_of_the_RFC(long unixSeconds, string code)
    {
        using var harness = new AccountHarness(new StandingClock(unixSeconds));
        var account = await DrawnAsync(harness);
        Assert.False(await harness.VerifyAsync(account, "000000"));
        Assert.True(await harness.VerifyAsync(account, code));
        Assert.False(await harness.VerifyAsync(account, code));
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task A_code_counts_one_step_early_and_late_by_the_clock_that_is_passed_in(int steps, bool counts)
    {
        using var harness = new AccountHarness();
        Assert.Equal(counts, await harness.VerifyAsync(await DrawnAsync(harness), harness.CodeOf(Secret, steps)));
    }

    [Fact]
    public async Task A_code_counts_once_also_when_it_is_sent_many_times_at_once_and_none_before_it_counts_again()
    {
        using var harness = new AccountHarness();
        var account = await DrawnAsync(harness);
        var code = harness.CodeOf(Secret);
        var verified = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => harness.VerifyAsync(harness.Store.Find(account.Id)!, code))));
        Assert.Single(verified, isGood => isGood);
        Assert.False(await harness.VerifyAsync(account, harness.CodeOf(Secret, -1)));
        harness.Time.Advance(30);
        Assert.False(await harness.VerifyAsync(account, code));
        Assert.True(await harness.VerifyAsync(account, harness.CodeOf(Secret)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("28708")]
    [InlineData("+87082")]
    [InlineData("二八七〇八二")]
    public async Task What_is_no_code_is_none(string text)
    {
        using var harness = new AccountHarness();
        Assert.False(await harness.VerifyAsync(await DrawnAsync(harness), text));
    }

    [Fact]
    public async Task Without_a_drawn_secret_no_code_counts_and_a_new_secret_begins_anew()
    {
        using var harness = new AccountHarness();
        var account = await harness.SetUpFirstAsync();
        Assert.False(await harness.VerifyAsync(account, harness.CodeOf(Secret)));
        Assert.True((await harness.Users.ResetAuthenticatorKeyAsync(account)).Succeeded);
        var first = (await harness.Users.GetAuthenticatorKeyAsync(account))!;
        Assert.True(await harness.VerifyAsync(account, harness.CodeOf(first)));
        Assert.True((await harness.Users.ResetAuthenticatorKeyAsync(account)).Succeeded);
        var second = (await harness.Users.GetAuthenticatorKeyAsync(account))!;
        Assert.NotEqual(first, second);
        Assert.Equal(20, Base32Encoding.ToBytes(second).Length);
        Assert.True(await harness.VerifyAsync(account, harness.CodeOf(second)));
    }

    private static async Task<Account> DrawnAsync(AccountHarness harness)
    {
        var account = await harness.SetUpFirstAsync();
        await harness.Store.SetAuthenticatorKeyAsync(account, Secret, default);
        Assert.True((await harness.Users.UpdateAsync(account)).Succeeded);
        return account;
    }

    private sealed class StandingClock(long unixSeconds) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(unixSeconds);
    }
}
