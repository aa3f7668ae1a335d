namespace Gateway.NanoFramework.Tests.Board;

/// <summary>Waits on a signal or a condition, never on time alone; a test that waits longer than this has failed and says for what.</summary>
internal static class Deadline
{
    public const int WaitMs = 60_000;

    public static void Wait(WaitHandle signal, string what) => Assert.True(signal.WaitOne(WaitMs), $"Not within {WaitMs} ms: {what}");

    /// <summary>For conditions that nobody signals, such as the number of threads of the process.</summary>
    public static void Until(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, WaitMs), $"Not within {WaitMs} ms: {what}");
}
