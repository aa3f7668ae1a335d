using Gateway.Firmware.Configuration;
using Gateway.Firmware.Esp32;
using Gateway.Firmware.Ports;

namespace Gateway.NanoFramework.Tests.Board;

/// <summary>A board whose flash does not answer at the start is not dead: it tries again.</summary>
public sealed class StartTests
{
    [Fact]
    public void A_board_whose_settings_cannot_be_read_restarts_after_a_minute_unless_somebody_types_others()
    {
        var log = new Lines();
        var configuration = new ConfigurationDesk(new UnreadableFlash(exists: true));
        Assert.Equal("unreadable:gateway.json", configuration.Error);
        var board = new FirstProvisioning(configuration, new NoServicePort(), new StoppedClock(), new Restarts(), log);

        Assert.False(board.Step(FirstProvisioning.RetryMs - 1));
        configuration.Set("device", "sumitu-01");
        Assert.False(board.Step(10 * FirstProvisioning.RetryMs));
        configuration.Discard();
        Assert.True(board.Step(FirstProvisioning.RetryMs));
        Assert.Contains("not provisioned: try again", log.All);
    }

    [Fact]
    public void A_board_that_was_never_provisioned_waits_at_its_service_header()
    {
        var configuration = new ConfigurationDesk(new UnreadableFlash(exists: false));
        var board = new FirstProvisioning(configuration, new NoServicePort(), new StoppedClock(), new Restarts(), new Lines());
        Assert.False(board.Step(1_000L * FirstProvisioning.RetryMs));
    }

    [Fact]
    public void A_start_that_threw_is_logged_and_the_board_restarts()
    {
        var (log, restarts) = (new Lines(), new Restarts());
        Program.StartAgain(new IOException("I:\\"), log, restarts);
        Assert.Equal(["start: I:\\"], log.All);
        Assert.Equal(1, restarts.Count);
    }

    sealed class Lines : ILog
    {
        public List<string> All { get; } = [];

        public void Line(string text) => All.Add(text);
    }

    sealed class Restarts : IReboot
    {
        public int Count { get; private set; }

        public void Reboot() => Count++;
    }

    sealed class StoppedClock : IClock
    {
        public long NowMs => 0;
    }

    sealed class NoServicePort : IServicePort
    {
        public int Read(byte[] buffer) => 0;

        public void Write(byte[] buffer, int offset, int count)
        {
            // Nobody listens.
        }
    }

    sealed class UnreadableFlash(bool exists) : IFlash
    {
        public string[] List() => throw new IOException("I:\\");

        public bool Exists(string name) => exists;

        public int Length(string name) => throw new IOException(name);

        public int Read(string name, int position, byte[] buffer, int offset, int count) => throw new IOException(name);

        public void Append(string name, byte[] buffer, int offset, int count) => throw new IOException(name);

        public void Write(string name, byte[] buffer, int offset, int count) => throw new IOException(name);

        public void Delete(string name) => throw new IOException(name);
    }
}
