using Gateway.Mqtt.Sockets;

namespace Gateway.Mqtt.Tests.Sockets;

public sealed class OpenFilesTests
{
    [Theory]
    [InlineData(20_000, 1_048_576L, 20_000)]
    [InlineData(20_000, 20_000L, 18_976)]
    [InlineData(20_000, 1_024L, 256)]
    [InlineData(100, 1_024L, 100)]
    [InlineData(20_000, null, 20_000)]
    public void Connections_leave_the_program_the_files_that_it_needs_itself(int configured, long? openFiles, int bound) =>
        Assert.Equal(bound, OpenFiles.Bound(configured, openFiles));

    [Theory]
    [InlineData("Limit                     Soft Limit           Hard Limit           Units     \nMax open files            20000                524288               files     \n", 20_000L)]
    [InlineData("Max open files            unlimited            unlimited            files     \n", null)]
    [InlineData("Max open files", null)]
    [InlineData("", null)]
    public void The_systems_limit_is_read_or_not_known(string limits, long? expected) => Assert.Equal(expected, OpenFiles.Parse(limits));
}
