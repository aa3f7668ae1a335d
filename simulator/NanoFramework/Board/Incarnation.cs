using System.Runtime.ExceptionServices;

namespace Gateway.NanoFramework.Board;

/// <summary>
/// One boot of a virtual board, from power on to power loss. Shims find theirs by <see cref="Current"/>, which flows into every thread that the firmware starts, so
/// many boards live in one process.
/// </summary>
/// <remarks>
/// <para>After <see cref="Cut"/> nothing of this boot acts any more: every shim and port call begins with <see cref="Enter"/>, which throws <see cref="PowerLostException"/>;
/// threads that wait in the BCL are interrupted until they have ended, and <see cref="WaitUntilGone"/> proves that they have. Ending the threads was chosen over blocking
/// them for good because a blocked thread keeps its stack: thousands of power cycles would leak thousands of stacks.</para>
/// <para>The firmware starts threads itself, so the exception can reach a thread root that is not ours. One process-wide handler lets exactly the threads of dead
/// incarnations end without taking the process down; every other unhandled exception stays fatal.</para>
/// </remarks>
public sealed class Incarnation
{
    /// <summary>A thread that has not ended within this time after a power cut is a defect of the firmware (a loop that calls no port), and is reported.</summary>
    public const int GoneWithinMs = 10_000;

    /// <summary>Stack of a board's main thread: a thousand boards in a process reserve 256 MB of address space, not 8 GB.</summary>
    const int StackBytes = 256 * 1024;

    static readonly AsyncLocal<Context?> current = new(OnContextChanged);

    /// <summary>The incarnation that this thread belongs to, for the unhandled-exception handler, which runs after the thread's context is gone.</summary>
    [ThreadStatic]
    static Incarnation? ofThisThread;

    readonly Lock gate = new();
    readonly List<Thread> threads = [];
    readonly CancellationTokenSource powerLost = new();
    readonly long bootedAt = Environment.TickCount64;
    long stalledUntil;
    volatile bool isAlive = true;

    static Incarnation()
    {
        ExceptionHandling.SetUnhandledExceptionHandler(static _ =>
            ofThisThread is { IsAlive: false });
    }

    internal Incarnation(VirtualHardware hardware)
    {
        Hardware = hardware;
        GpioEvents = new GpioEventQueue(this);
    }

    public VirtualHardware Hardware { get; }

    /// <summary>Edges on their way to the firmware's callbacks.</summary>
    public GpioEventQueue GpioEvents { get; }

    /// <summary>Handlers of Power.OnRebootEvent; a static event of the process would be shared by all boards in it.</summary>
    internal nanoFramework.Runtime.Native.RebootEventHandler? BeforeReboot { get; set; }

    public bool IsAlive => isAlive;

    /// <summary>Cancelled at the power cut: ends the shims' own asynchronous work.</summary>
    public CancellationToken PowerLost => powerLost.Token;

    /// <summary>Milliseconds since this boot.</summary>
    public long UpMs => Environment.TickCount64 - bootedAt;

    /// <summary>The incarnation that the calling code runs in.</summary>
    /// <exception cref="InvalidOperationException">The code runs on no virtual board.</exception>
    public static Incarnation Current =>
        current.Value?.Incarnation ?? throw new InvalidOperationException("This code runs on no virtual board; start it by VirtualHardware.Boot, or enter one by Incarnation.Scope.");

    /// <summary>For tests and tools: the calling code counts as running on this incarnation until disposed. Its threads are not the board's and outlive a power cut.</summary>
    public IDisposable Scope() => Enter(new Context(this, OwnsThreads: false));

    /// <summary>For the shims' own work items, which call back into the firmware.</summary>
    internal IDisposable FirmwareScope() => Enter(new Context(this, OwnsThreads: true));

    static ScopeEnd Enter(Context context)
    {
        var before = current.Value;
        current.Value = context;
        return new ScopeEnd(before);
    }

    /// <summary>Begins every shim and port call: waits while the interpreter is stalled; throws when the power is gone.</summary>
    public void Enter()
    {
        if (!isAlive) throw new PowerLostException();
        var remaining = Volatile.Read(ref stalledUntil) - Environment.TickCount64;
        while (remaining > 0)
        {
            // Not a wait for something: this is the time that the interpreter spends in one native call.
            powerLost.Token.WaitHandle.WaitOne((int)remaining);
            if (!isAlive) throw new PowerLostException();
            remaining = Volatile.Read(ref stalledUntil) - Environment.TickCount64;
        }
    }

    /// <summary>
    /// One native call that lasts <paramref name="ms"/>: on the board all managed threads share one interpreter task, so every other shim and port call waits as well.
    /// </summary>
    public void Stall(int ms)
    {
        if (ms <= 0) return;
        BeginStall(ms);
        Enter();
    }

    /// <summary>The same, for a caller that is no part of the board and does not wait.</summary>
    public void BeginStall(int ms)
    {
        lock (gate)
        {
            var from = Math.Max(stalledUntil, Environment.TickCount64);
            Volatile.Write(ref stalledUntil, from + ms);
        }
    }

    /// <summary>How long the interpreter stays stalled, ms; 0 when it runs.</summary>
    public int StallRemainingMs => (int)Math.Max(0, Volatile.Read(ref stalledUntil) - Environment.TickCount64);

    internal void Start(Action main, string name)
    {
        var thread = new Thread(() =>
        {
            current.Value = new Context(this, OwnsThreads: true);
            Register(Thread.CurrentThread);
            try
            {
                main();
            }
            catch (Exception e)
            {
                // Without power this is how the main thread ends. With power it is a crash of the firmware, and the board stands still until somebody cycles the power.
                if (isAlive) Hardware.ReportCrash(e);
            }
        }, StackBytes)
        { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Takes the power away. Idempotent. When it returns, no new shim or port call succeeds; calls that were inside may be finishing, see <see cref="WaitUntilGone"/>.</summary>
    internal void Cut()
    {
        isAlive = false;
        powerLost.Cancel();
        InterruptThreads();
    }

    /// <summary>Waits until every thread of this incarnation has ended.</summary>
    /// <exception cref="InvalidOperationException">One has not, within <see cref="GoneWithinMs"/>.</exception>
    internal void WaitUntilGone()
    {
        var deadline = Environment.TickCount64 + GoneWithinMs;
        while (true)
        {
            Thread? left;
            lock (gate) left = threads.FirstOrDefault(t => t.IsAlive && t != Thread.CurrentThread);
            if (left is null) return;
            if (Environment.TickCount64 > deadline)
                throw new InvalidOperationException($"Thread '{left.Name ?? left.ManagedThreadId.ToString()}' of the firmware still runs {GoneWithinMs} ms after the power cut: a loop of it calls no port.");
            left.Interrupt();
            left.Join(5);
        }
    }

    void InterruptThreads()
    {
        lock (gate)
            foreach (var thread in threads)
                if (thread.IsAlive && thread != Thread.CurrentThread) thread.Interrupt();
    }

    void Register(Thread thread)
    {
        ofThisThread = this;
        thread.IsBackground = true;
        lock (gate)
        {
            threads.RemoveAll(t => !t.IsAlive);
            threads.Add(thread);
        }
    }

    /// <summary>A thread that the firmware starts inherits the incarnation: it registers here, before its first line runs.</summary>
    static void OnContextChanged(AsyncLocalValueChangedArgs<Context?> change)
    {
        if (change is { ThreadContextChanged: true, CurrentValue: { OwnsThreads: true } context } && ofThisThread is null && !Thread.CurrentThread.IsThreadPoolThread)
            context.Incarnation.Register(Thread.CurrentThread);
    }

    sealed record Context(Incarnation Incarnation, bool OwnsThreads);

    sealed class ScopeEnd(Context? before) : IDisposable
    {
        public void Dispose() => current.Value = before;
    }
}
