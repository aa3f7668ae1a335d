using Gateway.Mqtt.Endpoint;
using Gateway.World.Kernel;

namespace Gateway.World.Boards;

/// <content>What something on the way has kept of this board, and says again later: publishes, its last heartbeat, births of boots that are over.</content>
public sealed partial class SimulatedBoard
{
    /// <summary>Boots whose last birth is kept.</summary>
    private const int OldBirthsMax = 4;

    private readonly Dice _keptDice;
    private readonly List<(int Incarnation, ApplicationMessage Birth)> _births = [];
    private ApplicationMessage? _beat;

    /// <summary>Its last heartbeat comes again on its next connection, before the birth there.</summary>
    public bool RepeatsHeartbeat { get; set; }

    /// <summary>The last birth of a former boot comes again now.</summary>
    public void RepeatOldBirth()
    {
        var old = _births.FindAll(birth => birth.Incarnation != Incarnation);
        if (old.Count > 0)
        {
            _link?.SayAgain(old[(int)_keptDice.Between(0, old.Count - 1)].Birth);
        }
    }

    internal void KeepWord(ApplicationMessage message)
    {
        if (message.Topic.EndsWith("/heartbeat", StringComparison.Ordinal))
        {
            _beat = message;
        }
        else if (message.Topic.EndsWith("/status", StringComparison.Ordinal) && message.Payload.Span.IndexOf("\"online\""u8) > 0)
        {
            _hasAskedAgain = true;
            _births.RemoveAll(birth => birth.Incarnation == Incarnation);
            _births.Add((Incarnation, message));
            if (_births.Count > OldBirthsMax)
            {
                _births.RemoveAt(0);
            }
        }
    }

    /// <summary>A connection has just been made.</summary>
    internal void RepeatHeartbeat()
    {
        if (RepeatsHeartbeat && _beat is { } beat)
        {
            RepeatsHeartbeat = false;
            _link?.SayAgain(beat);
        }
    }

    /// <summary>Once in three some of what was kept is lost for good, and the rest comes with holes.</summary>
    private List<ApplicationMessage> OfThose(List<ApplicationMessage> kept) => _keptDice.OneIn(3) ? kept.FindAll(_ => _keptDice.OneIn(2)) : kept;
}
