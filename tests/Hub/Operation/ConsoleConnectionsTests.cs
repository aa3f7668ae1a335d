using System.Net;
using Gateway.Hub.Operation;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Hub.Tests.Operation;

public sealed class ConsoleConnectionsTests
{
    [Fact]
    public async Task One_address_cannot_take_the_places_of_the_others_nor_all_together_more_than_there_are()
    {
        var bound = new ConsoleConnections(connectionsMax: 3, perAddressMax: 2);
        var end = new TaskCompletionSource();
        var served = new List<int>();
        var around = bound.Around(connection =>
        {
            served.Add(((IPEndPoint)connection.RemoteEndPoint!).Port);
            return end.Task;
        });

        var open = new List<Task>();
        foreach (var (host, port) in new[] { (1, 1), (1, 2), (1, 3), (2, 4), (3, 5) })
        {
            open.Add(around(new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse($"192.0.2.{host}"), port) }));
        }

        Assert.Equal([1, 2, 4], served);
        Assert.Equal([false, false, true, false, true], open.Select(task => task.IsCompleted));

        end.SetResult();
        await Task.WhenAll(open);
        await around(new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 6) });
        Assert.Equal([1, 2, 4, 6], served);
    }
}
