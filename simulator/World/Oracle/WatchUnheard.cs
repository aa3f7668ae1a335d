using Gateway.World.Kernel;

namespace Gateway.World.Oracle;

/// <content>I9: while nobody can hear the consoles, a call that nobody has taken goes up at once; and not because somebody changes a page.</content>
public sealed partial class Watcher
{
    /// <summary>A console that changes its page is gone for a moment (simulator/Hub/README.md).</summary>
    private const long UnheardUs = 10 * VirtualTime.Second;

    /// <summary>When the last time began in which nobody heard them, and when it ended.</summary>
    private (long FromUs, long ToUs) _unheard = (long.MaxValue, long.MinValue);

    internal void ConsolesAreHeard(bool isHeard) =>
        _unheard = isHeard ? (_unheard.FromUs, world.Queue.NowUs) : (world.Queue.NowUs, long.MaxValue);

    /// <summary>A call went up because nobody could hear it. It was decided before the commit, which may have taken its time.</summary>
    private void CheckUnheard(long incident)
    {
        Check("I9 unheard, true");
        var lastedUs = Math.Min(_unheard.ToUs, world.Queue.NowUs) - _unheard.FromUs;
        if (_unheard.FromUs == long.MaxValue || lastedUs < UnheardUs - VirtualTime.Second || world.Queue.NowUs - _unheard.ToUs > UnheardUs)
        {
            Fail("I9", null, $"incident {incident} went up because nobody could hear it, and somebody could");
        }
    }

    /// <summary>Every second.</summary>
    private void CheckUnheardRaised(long steadyUs)
    {
        var now = world.Queue.NowUs;
        if (_unheard.ToUs != long.MaxValue || now - Math.Max(_unheard.FromUs, steadyUs) < UnheardUs + StepGraceUs)
        {
            return;
        }

        Check("I9 unheard");
        foreach (var story in _openStories.Values)
        {
            if (story is { IsWaiting: true, Raised.Count: 0 } && now - story.ChangedUs > StepGraceUs)
            {
                Fail("I9", null, $"nobody can hear the consoles for {(now - _unheard.FromUs) / VirtualTime.Second} s, incident {story.Id} ({story.Kind}) waits, and nobody above was told");
                return;
            }
        }
    }
}
