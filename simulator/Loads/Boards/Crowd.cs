using System.Diagnostics;
using Gateway.Hub.Fleet;

namespace Gateway.Loads.Boards;

/// <summary>Many light boards and the one loop that steps them. What <c>onStep</c> does with them is the load's own behaviour.</summary>
public sealed class Crowd : IAsyncDisposable
{
    /// <summary>Fine enough for a second's deadlines, and one percent of a core for ten thousand boards.</summary>
    private const int StepMs = 50;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly Action<TimeSpan>? _onStep;
    private readonly long _started = Stopwatch.GetTimestamp();

    public Crowd(IEnumerable<ProvisioningFile> files, LoadRoute route, Action<TimeSpan>? onStep = null)
    {
        Boards = [.. files.Select(file => new LightBoard(file, route, Figures))];
        _onStep = onStep;
        _loop = Task.Factory.StartNew(Run, TaskCreationOptions.LongRunning);
    }

    public LoadFigures Figures { get; } = new();

    public IReadOnlyList<LightBoard> Boards { get; }

    /// <summary>Gives links to boards, so many a second, so that the hub's bound on strangers per address is never met.</summary>
    public async Task ConnectAsync(IEnumerable<LightBoard> boards, int perSecond, CancellationToken cancellation = default)
    {
        var started = Stopwatch.GetTimestamp();
        var given = 0;
        foreach (var board in boards)
        {
            board.SetLink(true);
            given++;
            var ahead = TimeSpan.FromSeconds((double)given / perSecond) - Stopwatch.GetElapsedTime(started);
            if (ahead > TimeSpan.FromMilliseconds(StepMs))
            {
                await Task.Delay(ahead, cancellation);
            }
        }
    }

    /// <summary>Waits until something holds of the load. False when it did not within the time.</summary>
    public static async Task<bool> UntilAsync(Func<bool> holds, TimeSpan patience, CancellationToken cancellation = default)
    {
        var started = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                return false;
            }

            await Task.Delay(StepMs / 2, cancellation);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        foreach (var board in Boards)
        {
            board.Dispose();
        }

        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            _onStep?.Invoke(Stopwatch.GetElapsedTime(_started));
            foreach (var board in Boards)
            {
                board.Step();
            }

            _stop.Token.WaitHandle.WaitOne(StepMs);
        }
    }
}
