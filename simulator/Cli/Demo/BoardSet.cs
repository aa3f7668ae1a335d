using System.Collections.Immutable;
using Gateway.Hub;

namespace Gateway.Cli.Demo;

/// <summary>The virtual boards of this process.</summary>
internal sealed class BoardSet : IDisposable
{
    public const string LockName = "boards.lock";

    private readonly ImmutableDictionary<string, DemoBoard> byId;
    private FileStream? claim;

    public BoardSet(IEnumerable<DemoBoard> boards)
    {
        All = [.. boards];
        byId = All.ToImmutableDictionary(board => board.Id, StringComparer.Ordinal);
    }

    public ImmutableArray<DemoBoard> All { get; }

    /// <summary>
    /// Keeps the boards of a second process off these flash images: they would write over each other's journals and take each other's connection. To be called
    /// before any power is on; the system releases it when the process ends, however it ends.
    /// </summary>
    /// <exception cref="HubStartException">Another process runs boards of this data folder.</exception>
    public void Claim(string dataFolder)
    {
        try
        {
            claim ??= All.IsEmpty ? null : new FileStream(Path.Combine(dataFolder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new HubStartException($"The boards of {dataFolder} run in another process already; stop that one first.", e);
        }
    }

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

        claim?.Dispose();
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
