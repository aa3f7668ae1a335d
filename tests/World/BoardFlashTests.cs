using System.Text;
using Gateway.Firmware.Journal;
using Gateway.World.Boards;
using Gateway.World.Kernel;

namespace Gateway.World.Tests;

/// <summary>The simulated flash keeps what littlefs keeps, and no more.</summary>
public sealed class BoardFlashTests
{
    [Fact]
    public void What_was_appended_is_read_again()
    {
        var flash = NewFlash(1);
        Append(flash, "a", "one");
        Append(flash, "a", "two");

        Assert.Equal("onetwo", Read(flash, "a"));
        Assert.Equal(["a"], flash.List());
    }

    [Fact]
    public void Reading_behind_the_end_gives_nothing()
    {
        var flash = NewFlash(1);
        Append(flash, "a", "one");

        Assert.Equal(0, flash.Read("a", 3, new byte[8], 0, 8));
        Assert.Equal(0, flash.Read("a", 100, new byte[8], 0, 8));
        Assert.Equal(2, flash.Read("a", 1, new byte[8], 0, 8));
    }

    [Fact]
    public void A_full_disk_refuses_and_keeps_what_it_has()
    {
        var flash = NewFlash(1);
        Append(flash, "a", "kept");
        var tooMuch = new byte[BoardFlash.Blocks * 4_096];

        Assert.Throws<IOException>(() => flash.Append("b", tooMuch, 0, tooMuch.Length));
        Assert.Equal("kept", Read(flash, "a"));
        Assert.False(flash.Exists("b"));
    }

    /// <summary>The budget of firmware/JOURNAL.md with the four segments more that a lane may have, beside what else a board keeps: it fits, or a long world fills up.</summary>
    [Fact]
    public void The_whole_budget_of_a_board_fits_and_can_be_written_to()
    {
        const int segments = SignalJournal.CallSegments + SignalJournal.EventSegments + (2 * Lane.SpareSegments);
        var flash = NewFlash(1);
        for (var i = 0; i < segments; i++)
        {
            flash.Append($"e-{i:x8}", new byte[Lane.SegmentBytes], 0, Lane.SegmentBytes);
        }

        foreach (var name in (string[])["state-a", "state-b", "config-a", "config-b", "gateway.json", "ca.pem", "stuck"])
        {
            Append(flash, name, "kept");
        }

        flash.Write("state-a", new byte[64], 0, 64);
        Assert.Equal(64, flash.Length("state-a"));
        Assert.Equal(segments + 7, flash.List().Length);
    }

    [Fact]
    public void A_failed_write_says_so_and_leaves_all_or_nothing()
    {
        var left = new HashSet<string>();
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var flash = NewFlash(seed);
            Append(flash, "a", "old");
            flash.FailAt(1);
            Assert.Throws<IOException>(() => Append(flash, "a", "new"));
            left.Add(Read(flash, "a"));
        }

        Assert.Equal(["old", "oldnew"], left.Order(StringComparer.Ordinal));
    }

    private static BoardFlash NewFlash(ulong seed) => new(new Dice(seed, "flash"));

    private static void Append(BoardFlash flash, string name, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        flash.Append(name, bytes, 0, bytes.Length);
    }

    private static string Read(BoardFlash flash, string name)
    {
        var bytes = new byte[flash.Length(name)];
        Assert.Equal(bytes.Length, flash.Read(name, 0, bytes, 0, bytes.Length));
        return Encoding.ASCII.GetString(bytes);
    }
}
