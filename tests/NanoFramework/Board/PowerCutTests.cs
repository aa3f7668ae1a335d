using System.Device.Gpio;
using System.Diagnostics;
using Gateway.Firmware.Configuration;
using Gateway.NanoFramework.Board;
using Gateway.VirtualBoard;

namespace Gateway.NanoFramework.Tests.Board;

/// <summary>After a power cut nothing of the old boot acts any more, and nothing of it is left behind.</summary>
public sealed class PowerCutTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("gateway-board-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_firmware_that_catches_everything_ends_all_the_same()
    {
        var hardware = new VirtualHardware();
        using var running = new CountdownEvent(2);
        Thread? child = null;
        hardware.Boot(_ =>
        {
            var pins = new GpioController();
            var led = pins.OpenPin(4, PinMode.Output);
            child = new Thread(() => Loop(() => new AutoResetEvent(false).WaitOne(), led, running));
            child.Start();
            Loop(() => led.Toggle(), led, running);
        });
        Deadline.Wait(running.WaitHandle, "both loops");

        hardware.CutPower();

        Assert.False(child!.IsAlive);
        Assert.Null(hardware.Running);
        Assert.False(hardware.Pin(4).IsHigh);

        // As a real loop does: one catch that logs (here: by a pin) and goes on.
        static void Loop(Action work, GpioPin log, CountdownEvent running)
        {
            var isFirst = true;
            while (true)
            {
                try
                {
                    if (isFirst) running.Signal();
                    isFirst = false;
                    work();
                }
                catch (Exception)
                {
                    log.Write(PinValue.High);
                }
            }
        }
    }

    [Fact]
    public void A_call_on_a_shim_of_the_old_boot_throws_and_changes_nothing()
    {
        var hardware = new VirtualHardware();
        GpioPin? led = null;
        using var ready = new ManualResetEvent(false);
        hardware.Boot(_ =>
        {
            led = new GpioController().OpenPin(4, PinMode.Output);
            ready.Set();
            Thread.CurrentThread.Join();
        });
        Deadline.Wait(ready, "boot");
        hardware.CutPower();
        using var again = new ManualResetEvent(false);
        hardware.Boot(_ =>
        {
            new GpioController().OpenPin(4, PinMode.Output);
            again.Set();
            Thread.CurrentThread.Join();
        });
        Deadline.Wait(again, "second boot");

        Assert.Throws<PowerLostException>(() => led!.Write(PinValue.High));
        Assert.False(hardware.Pin(4).IsHigh);
        hardware.CutPower();
    }

    [Fact]
    public void Two_hundred_power_cycles_leave_no_thread_behind()
    {
        using var board = NewBoard();
        board.PowerOn();
        board.PowerOff();
        var before = Process.GetCurrentProcess().Threads.Count;

        for (var cycle = 0; cycle < 200; cycle++)
        {
            board.PowerOn();
            board.PowerOff();
        }

        // The pool of the process may grow by itself; a leak would show as hundreds.
        Deadline.Until(() => Process.GetCurrentProcess().Threads.Count < before + 20, $"thread count back near {before}, now {Process.GetCurrentProcess().Threads.Count}");
        Assert.DoesNotContain(board.LogLines, line => line.StartsWith("crash", StringComparison.Ordinal));
    }

    [Fact]
    public void A_write_that_the_cut_interrupts_leaves_the_old_content()
    {
        var hardware = new VirtualHardware { Costs = new BoardCosts(EraseMs: 60_000, NameLookupMs: 0, TlsHandshakeMs: 0) };
        File.WriteAllText(Path.Combine(folder, "journal"), "old");
        using var writing = new ManualResetEvent(false);
        hardware.Boot(incarnation =>
        {
            var flash = new DirectoryFlash(folder, incarnation, new Lock());
            writing.Set();
            flash.Append("journal", "new"u8.ToArray(), 0, 3);
        });
        Deadline.Wait(writing, "the write");
        Deadline.Until(() => hardware.Running!.StallRemainingMs > 0, "the erase");

        hardware.CutPower();

        Assert.Equal("old", File.ReadAllText(Path.Combine(folder, "journal")));
    }

    [Fact]
    public void Flash_keeps_what_was_written_and_nothing_else_survives_a_cut()
    {
        var hardware = new VirtualHardware();
        var text = "";
        Run(flash => flash.Write("journal", "one"u8.ToArray(), 0, 3));
        Run(flash => flash.Append("journal", "two"u8.ToArray(), 0, 3));
        Run(flash =>
        {
            var bytes = new byte[16];
            text = System.Text.Encoding.ASCII.GetString(bytes, 0, flash.Read("journal", 0, bytes, 0, bytes.Length)) + string.Join(',', flash.List());
        });

        Assert.Equal("onetwojournal", text);

        void Run(Action<DirectoryFlash> work)
        {
            using var done = new ManualResetEvent(false);
            hardware.Boot(incarnation =>
            {
                work(new DirectoryFlash(folder, incarnation, new Lock()));
                done.Set();
            });
            Deadline.Wait(done, "the work of this boot");
            hardware.CutPower();
        }
    }

    [Fact]
    public void A_full_flash_refuses_and_keeps_what_it_has()
    {
        var hardware = new VirtualHardware();
        Exception? refusal = null;
        using var done = new ManualResetEvent(false);
        hardware.Boot(incarnation =>
        {
            var flash = new DirectoryFlash(folder, incarnation, new Lock());
            flash.Write("kept", new byte[10], 0, 10);
            refusal = Record.Exception(() => flash.Write("large", new byte[DirectoryFlash.CapacityBytes], 0, DirectoryFlash.CapacityBytes));
            done.Set();
        });
        Deadline.Wait(done, "the refusal");
        hardware.CutPower();

        Assert.IsType<IOException>(refusal);
        Assert.Equal(["kept"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    RealTimeBoard NewBoard()
    {
        File.WriteAllText(Path.Combine(folder, SettingsStore.FileName), Provisioning.Json(port: 1));
        return new RealTimeBoard(new RealTimeBoardOptions("test", folder));
    }
}
