namespace Gateway.NanoFramework.Tests.Board;

/// <summary>The provisioning file of a board under test, with the printed test key of PROTOCOL.md.</summary>
internal static class Provisioning
{
    public static string Json(int port) => $$"""
        {"device":"sumitu-01","hub":"7d1f0c2a94b36e58","key":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "host":"127.0.0.1","port":{{port}},"user":"sumitu-01","password":"a-password-of-a-test"}
        """;
}
