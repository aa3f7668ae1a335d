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

    /// <summary>The heap moves keys only; what is to happen stays in its slot until it does.</summary>
    private Key[] _heap = new Key[1_024];
    private Event[] _slots = new Event[1_024];
    private readonly Stack<int> _freeSlots = new();
    private int _count;
    private int _usedSlots;
    private long _order;

    /// <summary>Microseconds since the world began.</summary>
    public long NowUs { get; private set; }

    public int Count => _count;

    /// <summary>Whose event the last one was; null before the first.</summary>
    public IActor? LastActor { get; private set; }

    /// <summary>Events that have happened.</summary>
    public long Happened { get; private set; }

    public void At(long timeUs, IActor actor, int code, long argument = 0) => Put(timeUs, _order++, new Event(actor, code, argument));

    public void In(long delayUs, IActor actor, int code, long argument = 0) => At(NowUs + delayUs, actor, code, argument);

    /// <summary>After all that is scheduled in the ordinary way for that time, and in the order of <paramref name="number"/> among its like.</summary>
    public void AtEndOf(long timeUs, int number, IActor actor, int code, long argument) => Put(timeUs, LastOrders + number, new Event(actor, code, argument));

    private void Put(long timeUs, long order, in Event happens)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _heap.Length * 2);
            Array.Resize(ref _slots, _slots.Length * 2);
        }

        var slot = _freeSlots.TryPop(out var free) ? free : _usedSlots++;
        _slots[slot] = happens;

        // The past is now: an actor whose clock runs a little fast asks for it.
        var key = new Key(Math.Max(timeUs, NowUs), order, slot);
        var i = _count++;
        while (i > 0 && key.IsBefore(_heap[(i - 1) / 2]))
        {
            _heap[i] = _heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }

        _heap[i] = key;
    }

    /// <summary>Lets the next event happen if it is due by then; else moves the clock to <paramref name="untilUs"/> and returns false.</summary>
    public bool Step(long untilUs)
    {
        if (_count == 0 || _heap[0].TimeUs > untilUs)
        {
            NowUs = Math.Max(NowUs, untilUs);
            return false;
        }

        var key = Take();
        var next = _slots[key.Slot];
        _slots[key.Slot] = default;
        _freeSlots.Push(key.Slot);
        NowUs = key.TimeUs;
        Happened++;
        LastActor = next.Actor;
        next.Actor.Happen(next.Code, next.Argument);
        return true;
    }

    private Key Take()
    {
        var top = _heap[0];
        var last = _heap[--_count];
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

    private readonly record struct Event(IActor Actor, int Code, long Argument);

    private readonly record struct Key(long TimeUs, long Order, int Slot)
    {
        public bool IsBefore(in Key other) => TimeUs < other.TimeUs || (TimeUs == other.TimeUs && Order < other.Order);
    }
}
