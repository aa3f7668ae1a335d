using Gateway.Mqtt.Endpoint;
using Gateway.World.Kernel;

namespace Gateway.World.Boards;

/// <content>What something on the way has kept of this board, and says again later, as it was or spoilt: publishes, its last heartbeat, births of boots that are over.</content>
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

    /// <summary>
    /// Somebody on the line, who has no key, changes a digit of the newest signal, birth or heartbeat that was sent and sends that too; or, with this box's password, wants to hear what its
    /// neighbour is told, or to say what that one has said.
    /// </summary>
    public void Forge(Dice dice)
    {
        if (World.Boards.Count > 1 && dice.OneIn(3))
        {
            var neighbour = World.Boards[(World.Boards.IndexOf(this) + 1) % World.Boards.Count];
            if (neighbour.LastSaid() is { } said && dice.OneIn(2))
            {
                _link?.SpeakFor(said);
            }
            else
            {
                _link?.Eavesdrop(neighbour.Device);
            }
        }
        else if (dice.OneIn(2) && (dice.OneIn(2) ? _births.LastOrDefault().Birth : _beat) is { } kept)
        {
            _link?.Forge(kept, dice);
        }
        else if (_old.Count > 0)
        {
            _link?.Forge(_old.Last(), dice);
        }
    }

    /// <summary>What was sent last and is kept by somebody on the way; null when nothing is.</summary>
    internal ApplicationMessage? LastSaid() => _old.Count > 0 ? _old.Last() : null;

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
