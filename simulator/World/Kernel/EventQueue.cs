namespace Gateway.World.Kernel;

/// <summary>Somebody in the world to whom something can happen at a time.</summary>
public interface IActor
{
    /// <param name="code">What, in the actor's own numbering.</param>
    /// <param name="argument">A number of the actor's own, such as the generation of a timer: an outdated one is ignored.</param>
    void Happen(int code, long argument);
}

/// <summary>
/// The virtual clock and what is still to happen: a binary heap ordered by time, then by the order of scheduling, so that nothing is left to chance; steps of
/// boards come last at their time, by the board's number, whenever they were scheduled. Times are microseconds since the world began.
/// </summary>
public sealed class EventQueue
{
    private const long LastOrders = long.MaxValue / 2;

    private Entry[] _heap = new Entry[1_024];
    private int _count;
    private long _order;

    /// <summary>Microseconds since the world began.</summary>
    public long NowUs { get; private set; }

    public int Count => _count;

    /// <summary>Whose event the last one was; null before the first.</summary>
    public IActor? LastActor { get; private set; }

    /// <summary>Events that have happened.</summary>
    public long Happened { get; private set; }

    public void At(long timeUs, IActor actor, int code, long argument = 0) => Put(timeUs, _order++, actor, code, argument);

    public void In(long delayUs, IActor actor, int code, long argument = 0) => At(NowUs + delayUs, actor, code, argument);

    /// <summary>After all that is scheduled in the ordinary way for that time, and in the order of <paramref name="number"/> among its like.</summary>
    public void AtEndOf(long timeUs, int number, IActor actor, int code, long argument) => Put(timeUs, LastOrders + number, actor, code, argument);

    private void Put(long timeUs, long order, IActor actor, int code, long argument)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _heap.Length * 2);
        }

        // The past is now: an actor whose clock runs a little fast asks for it.
        var entry = new Entry(Math.Max(timeUs, NowUs), order, actor, code, argument);
        var i = _count++;
        while (i > 0 && entry.IsBefore(_heap[(i - 1) / 2]))
        {
            _heap[i] = _heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }

        _heap[i] = entry;
    }

    /// <summary>Lets the next event happen if it is due by then; else moves the clock to <paramref name="untilUs"/> and returns false.</summary>
    public bool Step(long untilUs)
    {
        if (_count == 0 || _heap[0].TimeUs > untilUs)
        {
            NowUs = Math.Max(NowUs, untilUs);
            return false;
        }

        var next = Take();
        NowUs = next.TimeUs;
        Happened++;
        LastActor = next.Actor;
        next.Actor.Happen(next.Code, next.Argument);
        return true;
    }

    private Entry Take()
    {
        var top = _heap[0];
        var last = _heap[--_count];
        _heap[_count] = default;
        var i = 0;
        while (true)
        {
            var child = (2 * i) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(last))
            {
                break;
            }

            _heap[i] = _heap[child];
            i = child;
        }

        _heap[i] = last;
        return top;
    }

    private readonly record struct Entry(long TimeUs, long Order, IActor Actor, int Code, long Argument)
    {
        public bool IsBefore(in Entry other) => TimeUs < other.TimeUs || (TimeUs == other.TimeUs && Order < other.Order);
    }
}
