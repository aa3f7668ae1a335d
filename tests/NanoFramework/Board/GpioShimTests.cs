using System.Collections.Concurrent;
using System.Device.Adc;
using System.Device.Gpio;
using Gateway.NanoFramework.Board;

namespace Gateway.NanoFramework.Tests.Board;

/// <summary>The GPIO and ADC shims behave as the sources of the packages and of the runtime say.</summary>
public sealed class GpioShimTests : IDisposable
{
    const int Pin = 27;

    readonly VirtualHardware hardware = new();
    readonly ManualResetEvent booted = new(false);
    readonly Incarnation incarnation;
    readonly IDisposable scope;

    public GpioShimTests()
    {
        incarnation = hardware.Boot(_ =>
        {
            booted.Set();
            Thread.CurrentThread.Join();
        });
        Deadline.Wait(booted, "boot");
        scope = incarnation.Scope();
    }

    public void Dispose()
    {
        scope.Dispose();
        hardware.CutPower();
        booted.Dispose();
    }

    [Fact]
    public void An_edge_reaches_the_callback_on_another_thread_with_its_direction()
    {
        using var seen = new ManualResetEvent(false);
        PinValueChangedEventArgs? args = null;
        var thread = 0;
        hardware.Pin(Pin).Wire(true);
        var pin = new GpioController().OpenPin(Pin, PinMode.Input);
        pin.ValueChanged += (_, e) =>
        {
            args = e;
            thread = Environment.CurrentManagedThreadId;
            seen.Set();
        };

        hardware.Pin(Pin).Wire(false);

        Deadline.Wait(seen, "the falling edge");
        Assert.Equal((Pin, PinEventTypes.Falling), (args!.PinNumber, args.ChangeType));
        Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
        Assert.Equal(PinValue.Low, pin.Read());
    }

    [Fact]
    public void A_full_queue_drops_the_oldest_edges()
    {
        const int edges = GpioEventQueue.EdgesMax + 40;
        var seen = new ConcurrentQueue<PinEventTypes>();
        using var last = new CountdownEvent(GpioEventQueue.EdgesMax);
        var pin = new GpioController().OpenPin(Pin, PinMode.InputPullUp);
        pin.ValueChanged += (_, e) =>
        {
            seen.Enqueue(e.ChangeType);
            if (!last.IsSet) last.Signal();
        };
        var staller = new Thread(() => incarnation.Stall(3000));
        staller.Start();
        Deadline.Until(() => incarnation.StallRemainingMs > 0, "the stall");

        for (var i = 0; i < edges; i++) hardware.Pin(Pin).Wire(i % 2 != 0);

        Deadline.Wait(last.WaitHandle, $"{GpioEventQueue.EdgesMax} edges after the stall");
        Assert.True(staller.Join(Deadline.WaitMs), "the end of the stall");
        Assert.Equal(edges, seen.Count + incarnation.GpioEvents.Dropped);
        Assert.Equal(40, incarnation.GpioEvents.Dropped);
    }

    [Fact]
    public void Debounce_ignores_edges_inside_its_window_and_reports_the_level_at_its_end()
    {
        var seen = new ConcurrentQueue<PinEventTypes>();
        using var first = new ManualResetEvent(false);
        var pin = new GpioController().OpenPin(Pin, PinMode.InputPullUp);
        pin.DebounceTimeout = TimeSpan.FromSeconds(1);
        pin.ValueChanged += (_, e) =>
        {
            seen.Enqueue(e.ChangeType);
            first.Set();
        };

        for (var i = 0; i < 11; i++) hardware.Pin(Pin).Wire(i % 2 != 0);

        Deadline.Wait(first, "the end of the window");
        Assert.Equal([PinEventTypes.Falling], seen);
    }

    [Fact]
    public void A_press_inside_the_debounce_window_that_is_over_at_its_end_is_never_reported()
    {
        var seen = new ConcurrentQueue<PinEventTypes>();
        using var second = new ManualResetEvent(false);
        var pin = new GpioController().OpenPin(Pin, PinMode.InputPullUp);
        pin.DebounceTimeout = TimeSpan.FromSeconds(1);
        pin.ValueChanged += (_, e) =>
        {
            seen.Enqueue(e.ChangeType);
            second.Set();
        };

        hardware.Pin(Pin).Wire(false);
        hardware.Pin(Pin).Wire(true);
        Deadline.Until(() => !incarnation.GpioEvents.IsDebouncing(Pin), "the end of the window");
        hardware.Pin(Pin).Wire(false);

        Deadline.Wait(second, "the long press");
        Assert.Single(seen);
    }

    [Fact]
    public void A_floating_input_reads_its_pull_and_the_wiring_wins_over_it()
    {
        var pin = new GpioController().OpenPin(Pin, PinMode.InputPullUp);
        Assert.Equal(PinValue.High, pin.Read());
        pin.SetPinMode(PinMode.InputPullDown);
        Assert.Equal(PinValue.Low, pin.Read());
        hardware.Pin(Pin).Wire(true);
        Assert.Equal(PinValue.High, pin.Read());
    }

    [Theory]
    [InlineData(6, "belongs to the flash")]
    [InlineData(40, "does not exist")]
    public void Pins_that_a_board_cannot_give_are_refused(int number, string why) =>
        Assert.True(Record.Exception(() => new GpioController().OpenPin(number)) is InvalidOperationException, why);

    [Fact]
    public void A_pin_opens_once_and_again_after_it_was_closed()
    {
        var controller = new GpioController();
        controller.OpenPin(Pin);
        Assert.Throws<InvalidOperationException>(() => new GpioController().OpenPin(Pin));
        controller.ClosePin(Pin);
        new GpioController().OpenPin(Pin);
    }

    [Fact]
    public void Input_only_pins_have_no_output_and_no_pull() =>
        Assert.Throws<ArgumentException>(() => new GpioController().OpenPin(34, PinMode.Output));

    [Fact]
    public void Output_edges_are_reported_with_their_time()
    {
        var edges = new ConcurrentQueue<PinEdge>();
        hardware.OutputChanged += edges.Enqueue;
        var pin = new GpioController().OpenPin(4, PinMode.Output);

        pin.Write(PinValue.High);
        pin.Write(PinValue.High);
        pin.Write(PinValue.Low);

        Assert.Equal([(4, true), (4, false)], edges.Select(e => (e.Pin, e.High)));
        Assert.True(edges.First().Timestamp <= edges.Last().Timestamp);
    }

    [Theory]
    [InlineData(142, 0)]
    [InlineData(1000, 1065)]
    [InlineData(3300, 3920)]
    public void The_converter_follows_the_line_of_the_chip(int millivolts, int raw)
    {
        hardware[0] = millivolts;
        Assert.Equal(raw, new AdcController().OpenChannel(0).ReadValue());
    }
}
