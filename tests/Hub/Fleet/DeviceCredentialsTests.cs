using Gateway.Hub.Fleet;

namespace Gateway.Hub.Tests.Fleet;

/// <summary>What a board is given at provisioning.</summary>
public sealed class DeviceCredentialsTests
{
    [Fact]
    public void No_key_and_no_password_begins_like_a_date_that_the_boards_JSON_library_would_read()
    {
        // One key in seven begins with four decimal digits by chance: a thousand draws would show it.
        for (var i = 0; i < 1_000; i++)
        {
            var (credentials, password) = DeviceCredentials.Draw("sumitu-01");

            Assert.False(password[..4].All(char.IsAsciiDigit), password[..4]);
            Assert.False(Convert.ToHexStringLower(credentials.Key.Bytes[..2]).All(char.IsAsciiDigit), "key");
        }
    }
}
