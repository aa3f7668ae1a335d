using Gateway.Mqtt.Endpoint;

namespace Gateway.World.Boards;

/// <content>A broker in front that holds a command, and what comes behind it on the same topic, and delivers all of it later in the same connection.</content>
internal sealed partial class BoardLink
{
    private readonly Queue<ApplicationMessage> _held = new();

    public bool HoldsCommands => _held.Count > 0;

    /// <summary>True when it is kept for later.</summary>
    private bool Holds(ApplicationMessage message)
    {
        if (!message.Topic.EndsWith("/command", StringComparison.Ordinal))
        {
            return false;
        }

        if (!HoldsCommands)
        {
            var isMeant = !board.HoldsReset || message.Payload.Span.IndexOf("\"resetLatch\""u8) >= 0;
            if (board.HoldsCommandUs == 0 || !isMeant)
            {
                return false;
            }

            board.World.Trace.Add(board.Number, "a command is held", board.HoldsCommandUs);
            After(board.HoldsCommandUs, LetGo);
            board.HoldsCommandUs = 0;
        }

        _held.Enqueue(message);
        return true;
    }

    private void LetCommandsGo()
    {
        board.World.Trace.Add(board.Number, "held commands come", _held.Count);
        board.CommandsCameLate();
        while (_held.TryDequeue(out var message))
        {
            Keep(message);
        }
    }
}
