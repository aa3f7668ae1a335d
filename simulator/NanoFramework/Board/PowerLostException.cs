namespace Gateway.NanoFramework.Board;

/// <summary>
/// Thrown by every shim and port call of an incarnation whose power is gone. It ends the calling thread: a loop that catches it meets it
/// again at its next call, and the roots of the board's threads let it pass (see <see cref="Incarnation"/>). On a real board nothing is thrown; the thread just is no more.
/// </summary>
public sealed class PowerLostException : Exception
{
    public PowerLostException() : base("The virtual board has no power.") { }
}
