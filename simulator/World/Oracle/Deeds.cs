using Gateway.Hub.Ingest;

namespace Gateway.World.Oracle;

/// <summary>One push of a button, as the world did it: the truth against which everybody's story is held.</summary>
internal sealed class Press(int number, bool silent, long atUs, int incarnation, long localMs)
{
    public int Number { get; } = number;

    public bool Silent { get; } = silent;

    public long AtUs { get; } = atUs;

    /// <summary>Of the board, when it was pushed.</summary>
    public int Incarnation { get; } = incarnation;

    /// <summary>The board's monotonic clock at that moment.</summary>
    public long LocalMs { get; } = localMs;

    /// <summary>The latched call and its count just before, by the board's own word.</summary>
    public (uint Epoch, uint Call, int Count) Before { get; init; }

    /// <summary>A board without a running core, or just starting, owes nothing for it.</summary>
    public required bool CoreWasRunning { get; init; }

    /// <summary>The first press of a call, known three seconds later; a later one is counted on its call.</summary>
    public bool? OpensCall { get; set; }

    /// <summary>The red lamp said: written down here.</summary>
    public bool LampLit { get; set; }

    /// <summary>The journal refused it and it lives in RAM: a power cut may take it.</summary>
    public bool Volatile { get; set; }

    /// <summary>Power failed before the board owed anything for it.</summary>
    public bool Excused { get; set; }

    /// <summary>A flipped bit took its record, and what came after it on the same call did come.</summary>
    public bool IsLostToFlip { get; set; }

    /// <summary>Rows on the hub's disk that tell of it and open a call.</summary>
    public List<(Lane Lane, uint Epoch, uint Seq)> Openings { get; } = [];

    /// <summary>Something on the hub's disk tells of it, or did before that went back to a backup.</summary>
    public bool Committed { get; set; }

    /// <summary>When that was so for the first time.</summary>
    public long CommittedUs { get; set; }

    /// <summary>A signal of its kind and boot tells of it, or of one that was counted with it.</summary>
    public bool IsTold { get; set; }

    /// <summary>RAM had no place for a further press of a call while it waited to be told.</summary>
    public bool MetFullRam { get; set; }

    /// <summary>A cut of power, or a flipped bit, may have taken it before it was written.</summary>
    public bool MayBeUntold { get; set; }

    /// <summary>The number under which it came was committed, and went when the hub's disk went back to a backup.</summary>
    public bool WentWithRestore { get; set; }
}

/// <summary>A door, a line, the mains or the battery changed, or a boot began, by the world's own word.</summary>
/// <param name="WithinUs">How long the board may take until it counts.</param>
internal sealed record Seen(string Kind, int Zone, string State, long AtUs, int Incarnation, long LocalMs, long WithinUs)
{
    /// <summary>It travels with the calls.</summary>
    public bool IsLife { get; init; }

    /// <summary>A door was opened when its alarms are not sent, and they are again from then on; 0 when it was not, or nobody can tell.</summary>
    public long ArmsUs { get; set; }

    /// <summary>And it is to be told then, if it is open still.</summary>
    public bool IsOwedLater { get; set; }

    /// <summary>It was opened when its alarms may not have been sent: so what follows may be no change.</summary>
    public bool MayBeUntold { get; set; }

    /// <summary>It was too short, or the board was not looking, or the power went before it was written.</summary>
    public bool IsExcused { get; set; }

    public bool IsTold { get; set; }
}

/// <summary>A door was open for long enough.</summary>
internal sealed record Opening(int Zone, long AtUs, int Incarnation, long LocalMs)
{
    /// <summary>How long it stood open, as far as it was shut again.</summary>
    public long StoodUs { get; set; }

    /// <summary>It was shut again, after long enough.</summary>
    public bool IsLong { get; set; }

    public bool IsExcused { get; set; }

    public bool IsTold { get; set; }
}

/// <summary>A pulse that is too short for a finger.</summary>
internal sealed class Noise(long atUs, int incarnation, long localMs)
{
    public long AtUs => atUs;

    public int Incarnation => incarnation;

    public long LocalMs => localMs;

    /// <summary>The core has looked since it began.</summary>
    public bool IsSeen { get; set; }

    /// <summary>The core did not look just then, and may take it for a press.</summary>
    public bool IsBlind { get; set; }
}

/// <summary>Presses on one call: as its board counted them, and as the hub was told.</summary>
internal sealed class Counted
{
    public int Shown { get; set; }

    public int Told { get; set; }

    /// <summary>The hub has it from the journal: its first press is no matter of RAM.</summary>
    public bool IsJournalled { get; set; }

    public long RisenUs { get; set; }

    public int Incarnation { get; set; }

    public bool IsExcused { get; set; }
}

/// <summary>Somebody took a call back.</summary>
internal sealed record Cancel((uint Epoch, uint Call) Key, long AtUs, int Incarnation)
{
    /// <summary>The flash refused something when it was to be written down: until its receipt it is where the power takes it ([GW-20]).</summary>
    public bool IsInRam { get; set; }

    public bool IsExcused { get; set; }

    public bool IsTold { get; set; }
}
