using Gateway.World.Kernel;

namespace Gateway.World.Tests;

public sealed class KernelTests
{
    [Fact]
    public void Dice_of_one_seed_fall_the_same_on_every_machine()
    {
        var dice = new Dice(42, "anyone");
        ulong[] fallen = [dice.Next(), dice.Next(), dice.Next()];

        Assert.Equal(Expected, fallen);
    }

    [Fact]
    public void Dice_of_two_parties_are_unrelated()
    {
        var first = new Dice(42, "board world-0000");
        var second = new Dice(42, "board world-0001");

        Assert.DoesNotContain(true, Enumerable.Range(0, 100).Select(_ => first.Next() == second.Next()));
    }

    [Fact]
    public void Dice_stay_within_their_bounds_and_reach_both()
    {
        var dice = new Dice(7, "bounds");
        var fallen = Enumerable.Range(0, 10_000).Select(_ => dice.Between(-3, 3)).ToList();

        Assert.Equal((-3, 3), (fallen.Min(), fallen.Max()));
        Assert.Throws<ArgumentOutOfRangeException>(() => dice.Between(1, 0));
    }

    [Fact]
    public void Waiting_times_have_the_mean_that_was_asked_for()
    {
        var dice = new Dice(7, "waiting");
        var mean = Enumerable.Range(0, 20_000).Average(_ => (double)dice.Waiting(1_000_000));

        Assert.InRange(mean, 950_000, 1_050_000);
    }

    [Fact]
    public void Events_happen_in_the_order_of_time_and_then_of_scheduling()
    {
        var queue = new EventQueue();
        var heard = new Listener(queue);
        queue.At(30, heard, 3);
        queue.At(10, heard, 1);
        queue.At(20, heard, 2, 1);
        queue.At(20, heard, 2, 2);
        while (queue.Step(25))
        {
        }

        Assert.Equal([(10, 1, 0), (20, 2, 1), (20, 2, 2)], heard.Events);
        Assert.Equal(25, queue.NowUs);
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void The_past_is_now()
    {
        var queue = new EventQueue();
        var heard = new Listener(queue);
        queue.At(100, heard, 0);
        Assert.True(queue.Step(1_000));
        queue.At(50, heard, 1);
        Assert.True(queue.Step(1_000));

        Assert.Equal([(100, 0, 0), (100, 1, 0)], heard.Events);
    }

    [Fact]
    public void A_trace_hash_tells_any_difference()
    {
        Assert.Equal(HashOf("a", 1, null), HashOf("a", 1, null));
        Assert.NotEqual(HashOf("a", 1, null), HashOf("a", 2, null));
        Assert.NotEqual(HashOf("a", 1, null), HashOf("b", 1, null));
        Assert.NotEqual(HashOf("a", 1, null), HashOf("a", 1, "x"));
    }

    private static readonly ulong[] Expected = [15365518934564382375UL, 11976869031289940757UL, 10503568581338499352UL];

    private static string HashOf(string what, long number, string? text)
    {
        var trace = new Trace(new EventQueue());
        trace.Add(0, what, number, text: text);
        return trace.Hash;
    }

    private sealed class Listener(EventQueue queue) : IActor
    {
        public List<(long AtUs, int Code, long Argument)> Events { get; } = [];

        public void Happen(int code, long argument) => Events.Add((queue.NowUs, code, argument));
    }
}
