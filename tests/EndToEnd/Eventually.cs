using System.Diagnostics;
using System.Text.Json;

namespace Gateway.EndToEnd.Tests;

/// <summary>Waits for a condition of another process that offers no signal: asks every 50 ms until the deadline, then fails with what was seen last.</summary>
internal static class Eventually
{
    /// <summary>
    /// For all that must come: on a machine that runs a whole build beside it. Patience costs nothing when it comes; a promise in time is measured and printed, not held by a deadline.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private const int AskEveryMs = 50;

    public static Task<T> Get<T>(string what, Func<Task<T>> ask, Func<T, bool> isIt) => Get(what, Patience, ask, isIt);

    private static async Task<T> Get<T>(string what, TimeSpan within, Func<Task<T>> ask, Func<T, bool> isIt)
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
