using System.Text;
using Gateway.Hub.Accounts;

namespace Gateway.Hub.Tests.Accounts;

/// <summary>One-time passwords by the test vectors of RFC 6238 appendix B (their last six digits) and of RFC 4648 section 10.</summary>
public sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    public void A_code_is_that_of_the_RFC(long unixSeconds, string code) =>
        Assert.Equal(code, Totp.CodeOf(Secret, Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(unixSeconds))));

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_that_of_the_RFC(string text, string expected) => Assert.Equal(expected, Totp.Base32(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_code_counts_one_step_early_and_late_and_never_twice()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_795_309_200);
        var step = Totp.StepOf(now);
        for (var drift = -2; drift <= 2; drift++)
        {
            Assert.Equal(Math.Abs(drift) <= 1 ? step + drift : null, Totp.Match(Secret, Totp.CodeOf(Secret, step + drift), now, 0));
        }

        Assert.Null(Totp.Match(Secret, Totp.CodeOf(Secret, step), now, step));
        Assert.Null(Totp.Match(Secret, "", now, 0));
        Assert.Null(Totp.Match(Secret, "二八七〇八二", now, 0));
    }
}
