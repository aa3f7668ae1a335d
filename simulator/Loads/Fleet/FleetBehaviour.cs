using Gateway.Loads.Boards;

namespace Gateway.Loads.Fleet;

/// <summary>Lets boards do what their profile says. Same seed, same draws; what the network makes of them is real, and differs.</summary>
internal sealed class FleetBehaviour(FleetProfile profile, IReadOnlyList<LightBoard> boards, TimeSpan duration, int seed)
{
    private const double PanicSeconds = 10;
    private const int ResetAfterSecondsMax = 20;

    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Action, double> _later = new();
    private double _before;
    private bool _outageBegan;
    private bool _outageEnded;
    private bool _panicBegan;

    /// <summary>Does what is due between the step before and this time of the run.</summary>
    public void Step(TimeSpan at)
    {
        var now = at.TotalSeconds;
        var minutes = (now - _before) / 60;
        _before = now;
        Times(profile.Events * minutes, board => board.Tell(_random.Next(3) == 0 ? "door" : "patrol", 0, "normal"));
        Times(profile.Presses * minutes, board => Press(board, now));
        Times(profile.LinkLosses * minutes, board => Lose(board, now));
        if (profile.OutageShare > 0)
        {
            StepOutage(now);
        }

        if (profile.PanicShare > 0 && !_panicBegan && now >= duration.TotalSeconds / 5)
        {
            _panicBegan = true;
            foreach (var board in Some(profile.PanicShare))
            {
                var pressAt = now + (_random.NextDouble() * PanicSeconds);
                _later.Enqueue(() => Press(board, pressAt), pressAt);
            }
        }

        while (_later.TryPeek(out var act, out var due) && due <= now)
        {
            _later.Dequeue();
            act();
        }
    }

    private void StepOutage(double now)
    {
        if (!_outageBegan && now >= duration.TotalSeconds / 5)
        {
            _outageBegan = true;
            foreach (var board in Some(profile.OutageShare))
            {
                board.Tell("mains", 0, "alarm");
                if (_random.Next(2) == 0)
                {
                    _later.Enqueue(() => board.SetLink(false), now + 1);
                }
            }
        }

        if (!_outageEnded && now >= duration.TotalSeconds * 3 / 5)
        {
            _outageEnded = true;
            foreach (var board in boards)
            {
                board.SetLink(true);
                board.Tell("mains", 0, "normal");
            }
        }
    }

    private void Press(LightBoard board, double now)
    {
        if (board.Press())
        {
            _later.Enqueue(board.Reset, now + 5 + _random.Next(ResetAfterSecondsMax));
        }
    }

    private void Lose(LightBoard board, double now)
    {
        board.SetLink(false);
        _later.Enqueue(() => board.SetLink(true), now + 1 + _random.Next(profile.AwaySeconds));
    }

    private void Times(double perBoard, Action<LightBoard> act)
    {
        var expected = perBoard * boards.Count;
        var times = (int)expected + (_random.NextDouble() < expected - (int)expected ? 1 : 0);
        for (var i = 0; i < times; i++)
        {
            act(boards[_random.Next(boards.Count)]);
        }
    }

    private IEnumerable<LightBoard> Some(double share) => boards.Where(_ => _random.NextDouble() < share).ToList();
}
