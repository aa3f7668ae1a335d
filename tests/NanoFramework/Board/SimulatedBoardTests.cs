using Gateway.Firmware.Configuration;
using Gateway.Firmware.Ports;
using Gateway.VirtualBoard.Simulated;

namespace Gateway.NanoFramework.Tests.Board;

/// <summary>The core on simulated ports: time is a number, the seed decides, only the flash survives.</summary>
public sealed class SimulatedBoardTests
{
    [Fact]
    public void A_press_is_journalled_within_the_virtual_second_and_survives_a_cut()
    {
        var board = NewBoard(seed: 1);
        board.PowerOn();
        board.RunUntil(1_000);
        board.SetInput(InputId.Help, true);
        board.RunUntil(2_000);
        Assert.Equal(1u, board.App!.Status.CallBacklog);

        board.CutPower();
        board.PowerOn();
        board.RunUntil(3_000);

        Assert.Equal(1u, board.App!.Status.CallBacklog);
    }

    [Fact]
    public void The_same_seed_sends_the_same_bytes_and_another_seed_does_not()
    {
        Assert.Equal(Trace(7), Trace(7));
        Assert.NotEqual(Trace(7), Trace(8));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cut_at_every_write_of_boot_and_press_leaves_a_board_that_boots_again(bool afterTheWrite)
    {
        for (var cutAt = 0; cutAt < 20; cutAt++)
        {
            var board = NewBoard(seed: cutAt);
            var writes = 0;
            board.Flash.OnWrite = isDone =>
            {
                if (isDone == afterTheWrite && writes++ == cutAt) throw new SimulatedPowerCut();
            };
            board.PowerOn();
            board.RunUntil(1_000);
            board.SetInput(InputId.Help, true);
            board.RunUntil(2_000);
            board.Flash.OnWrite = null;
            board.CutPower();

            board.PowerOn();
            board.RunUntil(3_000);
            var before = board.App!.Status.CallBacklog;
            board.SetInput(InputId.Help, false);
            board.RunUntil(4_000);
            board.SetInput(InputId.Silent, true);
            board.RunUntil(5_000);

            // Whatever the cut left, the next call is journalled.
            Assert.True(board.App!.Status.CallBacklog == before + 1, $"cut {(afterTheWrite ? "after" : "before")} write {cutAt}: backlog {before} -> {board.App!.Status.CallBacklog}");
        }
    }

    static string Trace(int seed)
    {
        var board = NewBoard(seed);
        var trace = new System.Text.StringBuilder();
        board.PowerOn();
        for (long time = 100; time <= 5_000; time += 100)
        {
            board.RunUntil(time);
            board.Link.Accept();
            board.Wake();
            if (time == 2_000) board.SetInput(InputId.Help, true);
            while (board.Link.TryTake(out var message)) trace.AppendLine($"{time} {message.Topic} {System.Text.Encoding.ASCII.GetString(message.Payload)}");
        }
        return trace.ToString();
    }

    static SimulatedBoard NewBoard(int seed)
    {
        var settings = new SettingsParser().Parse(Provisioning.Json(port: 1883), out var error);
        Assert.Null(error);
        return new SimulatedBoard(settings, seed) { UnixMsAtStart = 1_795_309_000_000 };
    }
}
