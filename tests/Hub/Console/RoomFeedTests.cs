using Gateway.Hub.Accounts;
using Gateway.Hub.Console;
using Gateway.Hub.Console.Room;
using Gateway.Hub.Tests.Api;

namespace Gateway.Hub.Tests.Console;

/// <summary>One drawing of the room for every console that would see the same.</summary>
public sealed class RoomFeedTests(ConsoleHost host) : IClassFixture<ConsoleHost>
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Consoles_that_would_see_the_same_share_one_drawing_of_a_state()
    {
        var feed = new RoomFeed(host.Hub, TimeProvider.System);
        var drawn = 0;
        Task<string> Draw() => Task.FromResult($"{++drawn}");

        Assert.Equal("1", await feed.DrawnAsync(7, Now, "en", Draw));
        Assert.Equal("1", await feed.DrawnAsync(7, Now.AddMilliseconds(900), "en", Draw));
        Assert.Equal("2", await feed.DrawnAsync(7, Now.AddMilliseconds(900), "zh-CN", Draw));
        Assert.Equal("3", await feed.DrawnAsync(8, Now.AddMilliseconds(901), "en", Draw));
        Assert.Equal("4", await feed.DrawnAsync(8, Now.AddMilliseconds(901) + RoomFeed.SharedFor, "en", Draw));
    }

    [Fact]
    public async Task What_does_not_fit_is_drawn_for_its_asker_alone()
    {
        var feed = new RoomFeed(host.Hub, TimeProvider.System);
        var drawn = 0;
        Task<string> Draw() => Task.FromResult($"{++drawn}");
        for (var key = 0; key < RoomFeed.DrawingsMax; key++)
        {
            await feed.DrawnAsync(7, Now, $"{key}", Draw);
        }

        Assert.Equal($"{RoomFeed.DrawingsMax + 1}", await feed.DrawnAsync(7, Now, "one more", Draw));
        Assert.Equal($"{RoomFeed.DrawingsMax + 2}", await feed.DrawnAsync(7, Now, "one more", Draw));
        Assert.Equal("1", await feed.DrawnAsync(7, Now, "0", Draw));
    }

    [Fact]
    public async Task Who_may_only_read_is_never_given_a_drawing_with_buttons()
    {
        await host.Board.PublishAckedAsync("signal", host.Board.Board.Signal(1));
        using var operate = await host.Program(Rights.Read, Rights.Operate);
        using var read = await host.Program(Rights.Read);
        for (var round = 0; round < 2; round++)
        {
            Assert.Contains("data-key=\"A\"", await operate.GetStringAsync(RoomFeed.Path, TestContext.Current.CancellationToken));
            Assert.DoesNotContain("data-post", await read.GetStringAsync(RoomFeed.Path, TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36", "Chrome · Android")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari · iPhone")]
    [InlineData("curl/8.5.0", "curl/8.5.0")]
    public void A_browser_is_named_as_its_owner_knows_it(string agent, string name) => Assert.Equal(name, BrowserName.Of(agent));
}
