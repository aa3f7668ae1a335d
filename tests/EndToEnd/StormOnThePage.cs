using System.Diagnostics;
using Gateway.Loads.Boards;
using Microsoft.Playwright;

namespace Gateway.EndToEnd.Tests;

/// <summary>A storm as the operator meets it: few rows, the call on top, and the sound of whatever is most urgent.</summary>
[Collection(Alone.Name)]
public sealed class StormOnThePage(ITestOutputHelper output)
{
    private const int Rooms = 500;

    private static readonly string[] Technical = ["Mains power lost", "Battery low", "Gateway link lost"];

    [Fact]
    public async Task A_grid_outage_at_500_rooms_is_three_rows_and_a_press_inside_it_is_on_top_and_rings_as_a_call_I12()
    {
        var chromium = await Chromium.SharedAsync();
        await using var town = await Town.StartAsync(Rooms, linkLostS: 1);
        await using var context = await chromium.Context();
        var faults = new List<string>();
        var room = await Desk.SignUpAsync(context, town.SetupLink, faults);
        var queue = room.Locator("#room-queue");
        await Assertions.Expect(queue).ToHaveAttributeAsync("data-ring", "0");

        // The grid fails, the batteries run down, and the masts go: all but one room are off the air.
        foreach (var board in town.Boards)
        {
            board.Tell("mains", 0, "alarm");
            board.Tell("battery", 0, "low", 11_200);
        }

        await town.HasOpenAsync(2);
        Assert.True(await Crowd.UntilAsync(() => town.Boards.All(board => board.Backlog == 0), Eventually.Patience, TestContext.Current.CancellationToken), "not all boards could tell");
        foreach (var board in town.Boards.Skip(1))
        {
            board.SetLink(false);
        }

        await Assertions.Expect(room.Locator("a.call")).ToHaveCountAsync(Technical.Length);
        Assert.Equal(Technical.Order(), (await room.Locator("a.call .what").AllInnerTextsAsync()).Order());
        var calm = await queue.GetAttributeAsync("data-ring");
        Assert.NotEqual("1", calm);

        // A press in the middle of it.
        var watch = Stopwatch.StartNew();
        Assert.True(town.Boards[0].Press());
        var top = room.Locator("a.call").First;
        await Assertions.Expect(top.Locator(".what")).ToHaveTextAsync("Help button");
        output.WriteLine($"The press stood on top of the page after {watch.ElapsedMilliseconds} ms; the promise is 1000.");
        await Assertions.Expect(top.Locator(".where")).ToHaveTextAsync(Town.PlaceOf(0));
        await Assertions.Expect(room.Locator("a.call")).ToHaveCountAsync(Technical.Length + 1);
        await Assertions.Expect(queue).ToHaveAttributeAsync("data-ring", "1");
        await Assertions.Expect(room.Locator("body")).ToHaveAttributeAsync("data-sounding", "1");

        // Taken, it is silent, and what still waits sounds as what it is.
        await top.ClickAsync();
        await room.GetByRole(AriaRole.Region, new() { Name = "Selected call" }).GetByRole(AriaRole.Button, new() { Name = "Accept" }).First.ClickAsync();
        await Assertions.Expect(queue).ToHaveAttributeAsync("data-ring", calm!);
        await Assertions.Expect(room.Locator("body")).ToHaveAttributeAsync("data-sounding", calm!);
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }
}
