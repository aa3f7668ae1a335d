namespace Gateway.World.Boards;

/// <summary>
/// The board has no power any more, or restarts: whatever the core was doing ends here. It is thrown by every port from then on, so that a core which
/// catches everything can still not act; nothing survives but the flash image.
/// </summary>
public sealed class PowerLostException(string reason) : Exception(reason);
