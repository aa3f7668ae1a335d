using System.Diagnostics;
using System.Text.Json;

namespace Gateway.EndToEnd.Tests;

/// <summary>Waits for a condition of another process that offers no signal: asks every 50 ms until the deadline, then fails with what was seen last.</summary>
internal static class Eventually
{
    private const int AskEveryMs = 50;

    public static async Task<T> Get<T>(string what, TimeSpan within, Func<Task<T>> ask, Func<T, bool> isIt)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var seen = await ask();
            if (isIt(seen))
            {
                return seen;
            }

            Assert.True(watch.Elapsed < within, $"Not within {within.TotalSeconds} s: {what}. Seen last: {JsonSerializer.Serialize(seen)}");
            await Task.Delay(AskEveryMs);
        }
    }
}
