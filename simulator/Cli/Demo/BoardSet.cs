using System.Collections.Immutable;

namespace Gateway.Cli.Demo;

/// <summary>The virtual boards of this process.</summary>
internal sealed class BoardSet : IDisposable
{
    private readonly ImmutableDictionary<string, DemoBoard> byId;

    public BoardSet(IEnumerable<DemoBoard> boards)
    {
        All = [.. boards];
        byId = All.ToImmutableDictionary(board => board.Id, StringComparer.Ordinal);
    }

    public ImmutableArray<DemoBoard> All { get; }

    public DemoBoard? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>Calls back when a board changed, on any thread. Dispose to end.</summary>
    public IDisposable Subscribe(Action<DemoBoard> onChange)
    {
        foreach (var board in All)
        {
            board.Changed += onChange;
        }

        return new Subscription(() =>
        {
            foreach (var board in All)
            {
                board.Changed -= onChange;
            }
        });
    }

    public void Dispose()
    {
        foreach (var board in All)
        {
            board.Dispose();
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
