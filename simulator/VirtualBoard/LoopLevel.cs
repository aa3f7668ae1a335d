namespace Gateway.VirtualBoard;

/// <summary>What a supervised loop can be, electrically.</summary>
public enum LoopLevel
{
    /// <summary>At rest: the end-of-line resistor alone.</summary>
    Normal,

    /// <summary>The contact has tripped.</summary>
    Alarm,

    /// <summary>A wire is cut.</summary>
    Open,

    /// <summary>The wires touch.</summary>
    Short,
}
