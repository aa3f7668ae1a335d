using Gateway.Hub.Ingest;

namespace Gateway.World.Oracle;

/// <summary>What the oracle knows of one board.</summary>
internal sealed class BoardLedger
{
    /// <summary>A board whose flash was replaced counts its boots from the first again: here each of its lives has so many numbers, more than any world has boots.</summary>
    private const uint BootsOfALife = 1_000_000;

    private readonly Dictionary<string, long> _flipsForgiven = new(StringComparer.Ordinal);

    /// <summary>In which of its lives a board had this epoch, of whatever lane.</summary>
    private readonly Dictionary<uint, uint> _lifeOf = [];
    private uint _life;

    /// <summary>Presses that may still matter, oldest first.</summary>
    public List<Press> Presses { get; } = [];

    /// <summary>
    /// First and newest boot number that each incarnation gave itself, as <see cref="BootOf(SignalMessage)"/> has it: a boot that the hub does not answer goes on under the next number ([GW-13]).
    /// </summary>
    public Dictionary<int, (uint First, uint Last)> Boots { get; } = [];

    /// <summary>When somebody at the station asked for a self-test, oldest first, as far as the lamps have not shown it: two may be on their way at once.</summary>
    public List<(string Id, long AtUs)> TestsAsked { get; } = [];

    /// <summary>When a lamp test last began to show.</summary>
    public long TestShownUs { get; set; } = long.MinValue / 2;

    /// <summary>The first press of the call that is latched, or was last.</summary>
    public Press? HelpCall { get; set; }

    /// <summary>By the board's word after its last step.</summary>
    public bool Latched { get; set; }

    public uint LatchedCall { get; set; }

    public uint LatchedEpoch { get; set; }

    /// <summary>When its power was last lost.</summary>
    public long PowerLostUs { get; set; } = long.MinValue / 2;

    public int LatchedCount { get; set; }

    /// <summary>Incarnation of the last step, and the boot number that it gave itself then.</summary>
    public int Incarnation { get; set; }

    public uint Boot { get; set; }

    public int StepErrors { get; set; }

    /// <summary>When somebody last turned the reset key, or the hub last sent a reset.</summary>
    public long ResetUs { get; set; } = long.MinValue / 2;

    /// <summary>When a latched call of this board last ended, by a key or by the hub's word.</summary>
    public long LatchEndedUs { get; set; } = long.MinValue / 2;

    /// <summary>Until when its buzzer or its siren may sound because the hub has asked for it: the command, the lamp, and when that is over.</summary>
    public List<(string Id, int Lamp, long UntilUs)> MaySound { get; } = [];

    public long MaySoundUntilUs(int lamp) => MaySound.Where(sound => sound.Lamp == lamp).Select(static sound => sound.UntilUs).DefaultIfEmpty(long.MinValue / 2).Max();

    /// <summary>When the hub last asked it to sound, or to be silent.</summary>
    public long SoundLeftUs { get; set; } = long.MinValue / 2;

    /// <summary>When a person last called somebody by this box.</summary>
    public long CalledByHandUs { get; set; } = long.MinValue / 2;

    /// <summary>A spoilt receipt that the core takes in this step: how it is to be refused, and how often that had happened before.</summary>
    public (int Refusal, int Before)? Spoilt { get; set; }

    /// <summary>The newest commands to sound, or to be silent.</summary>
    public Queue<(string Id, string Command, long Seconds, long Number)> SoundsAsked { get; } = new();

    public long SoundsNumber { get; set; }

    /// <summary>What it has said that it sounds, by the command: in which incarnation, since when and until when.</summary>
    public Dictionary<string, (int Incarnation, long FromUs, long UntilUs, long Asked)> Sounds { get; } = new(StringComparer.Ordinal);

    /// <summary>When a help call was last seen latched or a help button pushed: lamps may be lit for it until a while after.</summary>
    public long HelpSeenUs { get; set; } = long.MinValue / 2;

    /// <summary>The hub has on its disk that this board's journal is damaged.</summary>
    public bool DamageTold { get; set; }

    /// <summary>When somebody last touched the box otherwise than silently.</summary>
    public long TouchedUs { get; set; } = long.MinValue / 2;

    /// <summary>When the hidden switch was last pushed.</summary>
    public long SilentUs { get; set; } = long.MinValue / 2;

    /// <summary>When what travels with the calls last changed, smoke, or the hub last reset the help call.</summary>
    public long LifeUs { get; set; } = long.MinValue / 2;

    /// <summary>By the board's word after its last step: its faults, and those of them that only a silent call can have brought.</summary>
    public uint Faults { get; set; }

    public uint SilentFaults { get; set; }

    /// <summary>When a fault was last there that calls bring, and not a silent one.</summary>
    public long OpenTroubleUs { get; set; } = long.MinValue / 2;

    /// <summary>When a call of its own was shown, by the boot's own clock, the last of them perhaps still.</summary>
    public List<(int Incarnation, long FromMs, long ToMs)> Shown { get; } = [];

    /// <summary>Since when nothing but a silent call could make the health lamp blink.</summary>
    public long HealthySinceUs { get; set; }

    /// <summary>When the health lamp last changed.</summary>
    public long HealthChangedUs { get; set; } = long.MinValue / 2;

    /// <summary>When its link last went down; long.MaxValue while it is up or being tried.</summary>
    public long DownUs { get; set; } = long.MaxValue;

    /// <summary>Since when a call waits at the board for its receipt; long.MaxValue when none does.</summary>
    public long CallWaitsUs { get; set; } = long.MaxValue;

    /// <summary>The address that it last tried, in which incarnation, and the addresses of its settings then.</summary>
    public (int Incarnation, (string Host, int Port) Address, List<(string Host, int Port)> Ways) Tried { get; set; } = (0, ("", 0), []);

    /// <summary>That link had been up for a while.</summary>
    public bool WasUp { get; set; }

    /// <summary>When its connection last broke at the hub without a word; long.MaxValue when it has been heard since.</summary>
    public long BrokenUs { get; set; } = long.MaxValue;

    /// <summary>When a connection of it last ended at the hub.</summary>
    public long EndedUs { get; set; } = long.MinValue / 2;

    /// <summary>The newest session that was answered; empty when the hub has gone back to a backup since.</summary>
    public string NewestAnswered { get; set; } = "";

    /// <summary>The newest heartbeat and the newest result that the hub has heard: of which session, and which number.</summary>
    public (string Session, long N)[] HeardN { get; } = [("", 0), ("", 0)];

    /// <summary>The session under which the hub last sent it a receipt, and when the hub last heard a heartbeat of that.</summary>
    public string AnsweredSession { get; set; } = "";

    public long PresentUs { get; set; } = long.MinValue / 2;

    /// <summary>When a heartbeat last ended a silence that was long enough for the hub to have shown the link as lost.</summary>
    public long SilenceEndedUs { get; set; } = long.MinValue / 2;

    /// <summary>The last goodbye that it sent, until that is heard or a birth follows, and when the hub heard it; long.MaxValue when it has not, or has heard a birth since.</summary>
    public byte[] Goodbye { get; set; } = [];

    public long GoodbyeHeardUs { get; set; } = long.MaxValue;

    /// <summary>The newest settings that it has called applied.</summary>
    public long AppliedVersion { get; set; }

    /// <summary>What the last heartbeat said to wait beyond the call lane, and what waited in RAM before that step.</summary>
    public long? SaidInRam { get; set; }

    public int InRamBefore { get; set; }

    /// <summary>Of call lane and event lane: what was receipted last, and since when that is so, or nothing waits.</summary>
    public (uint Acknowledged, long SinceUs)[] Oldest { get; } = new (uint, long)[2];

    /// <summary>Its latched call, when that was made under test.</summary>
    public Counted? CountedInTest { get; set; }

    /// <summary>The settings that it tries, and since when it says so.</summary>
    public (long Version, long SinceUs)? Trial { get; set; }

    /// <summary>The core has taken the word that this call is closed, and has not shown it yet.</summary>
    public (uint Epoch, uint Call, long AtUs, int Incarnation)? EndTold { get; set; }

    /// <summary>The hub showed its link as up when the oracle last looked.</summary>
    public bool WasShownUp { get; set; }

    /// <summary>When the hub last showed its link otherwise than up, until that is looked at.</summary>
    public long ShownLostUs { get; set; } = long.MinValue / 2;

    /// <summary>Forgeries in its name, the newest last: the hub must refuse each, however often it comes.</summary>
    public Queue<byte[]> Forgeries { get; } = new();

    /// <summary>Since when its way to the hub is open and as good as its line is.</summary>
    public long OpenWaySinceUs { get; set; }

    /// <summary>When the hub last heard this board.</summary>
    public long HeardUs { get; set; }

    /// <summary>Its newest births, as it sent them.</summary>
    public List<BirthMessage> Births { get; } = [];

    /// <summary>The session of its newest birth, as its messages name it; empty before the first.</summary>
    public string NewestSession => Births.Count == 0 ? "" : Births[^1].Session.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>When it last said goodbye in good order.</summary>
    public long GoodbyeUs { get; set; } = long.MinValue / 2;

    /// <summary>When it last sent a signal, by lane.</summary>
    public long[] SentUs { get; } = [long.MinValue / 2, long.MinValue / 2, long.MinValue / 2];

    /// <summary>Since when an event waits for its receipt; long.MaxValue when none does.</summary>
    public long EventWaitsUs { get; set; } = long.MaxValue;

    /// <summary>What it answered to each command in the incarnation <see cref="AnswersIn"/>.</summary>
    public Dictionary<string, string> Answers { get; } = [];

    /// <summary>When the hub last had a record of a zone.</summary>
    public Dictionary<int, long> ZoneToldUs { get; } = [];

    /// <summary>The newest commands that it took, of which it keeps the answers.</summary>
    public List<string> CommandsKept { get; } = [];

    public int AnswersIn { get; set; }

    /// <summary>Since when it looks for the hub where none is, in the incarnation <see cref="AwayIn"/>; long.MaxValue when it does not.</summary>
    public long AwayUs { get; set; } = long.MaxValue;

    public int AwayIn { get; set; }

    /// <summary>The incarnations in a row that looked there.</summary>
    public HashSet<int> AwayBoots { get; } = [];

    /// <summary>Presses that wait for a look at what became of them.</summary>
    public Queue<Press> Undecided { get; } = new();

    /// <summary>Silent calls on the hub's disk: no notice may name them.</summary>
    public HashSet<(Lane Lane, uint Epoch, uint Seq)> SilentCalls { get; } = [];

    /// <summary>The boot that a signal tells of, among those of all lives of its board.</summary>
    public uint BootOf(SignalMessage signal) => BootOf(signal.Epoch, signal.Time.Boot);

    public uint BootOf(uint epoch, uint boot) => (_lifeOf.GetValueOrDefault(epoch, _life) * BootsOfALife) + boot;

    /// <summary>A core has started with this journal; when neither lane is one of before, its board begins anew.</summary>
    public void NoteLife(Gateway.Firmware.Journal.SignalJournal journal)
    {
        _life += _lifeOf.Count > 0 && !_lifeOf.ContainsKey(journal.Calls.Epoch) && !_lifeOf.ContainsKey(journal.Events.Epoch) ? 1u : 0;
        _lifeOf.TryAdd(journal.Calls.Epoch, _life);
        _lifeOf.TryAdd(journal.Events.Epoch, _life);
    }

    /// <summary>RAM has an epoch of its own in each boot: of this life is what was born in it.</summary>
    public void NoteBorn(BirthMessage birth) => _lifeOf.TryAdd(birth.VolatileEpoch, _life);

    /// <summary>A flipped bit may cost the one record that it hit (I5), as each rule sees it: true for a rule as often as bits have flipped, and no more.</summary>
    public bool MayForgive(long flips, [System.Runtime.CompilerServices.CallerMemberName] string rule = "")
    {
        var forgiven = _flipsForgiven[rule] = _flipsForgiven.GetValueOrDefault(rule) + 1;
        return forgiven <= flips;
    }

    /// <summary>When each lamp last came on.</summary>
    public long[] LitUs { get; } = [.. Enumerable.Repeat(long.MinValue / 2, Gateway.Firmware.Ports.IndicatorId.Count)];

    /// <summary>Since when its link is down by its own word, in the incarnation <see cref="OfflineIn"/>; long.MaxValue: it is up.</summary>
    public long OfflineUs { get; set; }

    public int OfflineIn { get; set; }

    /// <summary>By its own word after its last step it holds calls that are in RAM only.</summary>
    public bool HasVolatile { get; set; }

    /// <summary>What its doors, its lines and its mains did.</summary>
    public List<Seen> Seen { get; } = [];

    /// <summary>When it was last in safe mode by its own word: it watches no doors and pens then.</summary>
    public long CarefulUs { get; set; } = long.MinValue / 2;

    /// <summary>Zones of it that bounced, and were left out for a while, by the board's own clock.</summary>
    public List<(int Zone, uint Boot, long FromMs, long ToMs)> Shuts { get; } = [];

    /// <summary>Doors that were opened for long enough, and shut again; when each last moved.</summary>
    public List<Opening> Openings { get; } = [];

    /// <summary>When the key of a patrol was turned back.</summary>
    public List<(int Zone, int Incarnation, long LocalMs)> TurnsBack { get; } = [];

    public long[] DoorUs { get; } = [.. Enumerable.Repeat(long.MinValue / 2, 8)];

    /// <summary>Calls on which more presses were counted than the hub has been told of.</summary>
    public List<Counted> Untold { get; } = [];

    /// <summary>Calls that were taken back at it.</summary>
    public List<Cancel> Cancels { get; } = [];

    /// <summary>Calls that were taken back, by the hub's disk.</summary>
    public HashSet<(uint Epoch, uint Call)> Cancelled { get; } = [];

    /// <summary>One of them named no call.</summary>
    public bool WasCancelledByZone { get; set; }

    /// <summary>When something of it last came to the hub's disk.</summary>
    public long StoredUs { get; set; } = long.MinValue / 2;

    /// <summary>When the hub last heard a birth of it.</summary>
    public long BornUs { get; set; } = long.MinValue / 2;

    /// <summary>The stage that its button shows, in the incarnation <see cref="StageIn"/>, since when, and the one before.</summary>
    public string Stage { get; set; } = "idle";

    public string StageBefore { get; set; } = "";

    public long StageUs { get; set; }

    public int StageIn { get; set; }

    /// <summary>When each lamp last changed.</summary>
    public long[] LampChangedUs { get; } = [.. Enumerable.Repeat(long.MinValue / 2, Gateway.Firmware.Ports.IndicatorId.Count)];

    /// <summary>Since when it has a fault or no mains by its own word, and since when neither, in the incarnation <see cref="HealthIn"/>; long.MaxValue: it has not.</summary>
    public long IllUs { get; set; }

    public long WellUs { get; set; }

    public int HealthIn { get; set; }

    /// <summary>When its mains last changed.</summary>
    public long MainsChangedUs { get; set; } = long.MinValue / 2;

    /// <summary>Somebody at the station has set it, at some time.</summary>
    public bool WasConfigured { get; set; }

    /// <summary>When the help button was pushed: pushes that no call or count answers yet.</summary>
    public Queue<long> Pushes { get; } = new();

    /// <summary>The call and its count after the last step, in the incarnation <see cref="TakenIn"/>.</summary>
    public (uint Epoch, uint Call, int Count) Taken { get; set; }

    public int TakenIn { get; set; }

    /// <summary>What its power left in RAM only when it failed: calls that the hub has not receipted.</summary>
    public int VolatileBacklog { get; set; }

    /// <summary>Its newest heartbeat: of which session, its number, and when.</summary>
    public (string Session, long N, long AtUs) Beat { get; set; } = ("", 0, long.MinValue / 2);

    /// <summary>Since when it is online by its own word, in the incarnation <see cref="OnlineIn"/>.</summary>
    public long OnlineUs { get; set; }

    public int OnlineIn { get; set; }

    /// <summary>When it last gave birth.</summary>
    public long NewestBirthUs { get; set; } = long.MinValue / 2;

    /// <summary>Its core restarts itself, and the boots in a row that were over within five minutes.</summary>
    public bool IsRestarting { get; set; }

    public int ShortBoots { get; set; }

    /// <summary>When the hub last asked it to restart: the power may fail before it does, and behind the note of why.</summary>
    public long RestartAskedUs { get; set; } = long.MinValue / 2;

    public long FormerStartUs { get; set; }

    /// <summary>Calls that a cancel or a reset ended, with its number, and the newest press of each, by the hub's disk.</summary>
    public Dictionary<(uint Epoch, uint Call), uint> Ended { get; } = [];

    public Dictionary<(uint Epoch, uint Call), uint> NewestOf { get; } = [];

    /// <summary>When somebody touched the cancel key.</summary>
    public List<(int Incarnation, long LocalMs)> CancelKeys { get; } = [];

    public ZoneLedger Zones { get; } = new();

    /// <summary>When somebody last turned the reset key.</summary>
    public long KeyUs { get; set; } = long.MinValue / 2;

    /// <summary>When another run of the hub was last told to it in a connection that held.</summary>
    public long RunToldUs { get; set; } = long.MaxValue;

    /// <summary>Resets of calls that were latched when their command was taken.</summary>
    public Dictionary<string, (uint Call, uint VolatileEpoch, int? Count, uint Acknowledged, long TakenUs)> ResetsDue { get; } = [];

    /// <summary>Those that it refused in this step because of a press that has no receipt.</summary>
    public Queue<(uint Call, uint VolatileEpoch, int? Count, uint Acknowledged)> ResetsRefused { get; } = new();

    /// <summary>Commands that its core has taken, and that may still wait for their answer.</summary>
    public Queue<(string Id, long AtUs, int Incarnation)> Asked { get; } = new();

    /// <summary>Commands that it took in the incarnation <see cref="CommandsIn"/>, and of those that wait for their answer, whether they came behind their time; null: nobody can tell.</summary>
    public HashSet<string> CommandsTaken { get; } = [];

    public Dictionary<string, bool?> Expiries { get; } = [];

    public int CommandsIn { get; set; }

    /// <summary>When it last took a command.</summary>
    public long CommandTakenUs { get; set; } = long.MinValue / 2;

    /// <summary>The incarnation in which it last took a command to restart that had not expired.</summary>
    public int RebootIn { get; set; }

    /// <summary>When it last reported its settings.</summary>
    public long ReportedUs { get; set; } = long.MinValue / 2;

    /// <summary>What it last reported; empty when nothing yet.</summary>
    public ReadOnlyMemory<byte> Reported { get; set; }

    /// <summary>Tries to connect in a row that came to nothing while no call waited; when a call last waited.</summary>
    public int TriesInVain { get; set; }

    public long CallWaitedUs { get; set; } = long.MinValue / 2;

    /// <summary>Boots that found no sound state file.</summary>
    public int StatesLost { get; set; }

    /// <summary>Last seen: an open incident that none of its presses came to holds the latched call.</summary>
    public long WorkHeldUs { get; set; } = long.MinValue / 2;

    /// <summary>What its flash had spoilt at its last two starts.</summary>
    public (long Before, long Last) DamagesAtBoots { get; set; }

    /// <summary>Until when its steps before this one wrote: what a step writes itself, of a spark too, says nothing of what it could see.</summary>
    public long WroteBeforeUs { get; set; } = long.MinValue / 2;

    /// <summary>It has given birth in the present connection.</summary>
    public bool IsBorn { get; set; }

    /// <summary>Pulses on its lines that are no press.</summary>
    public List<Noise> Noises { get; } = [];

    /// <summary>Forged and old messages that its core has taken in the present step, and what it had refused before that.</summary>
    public int ForgeriesTaken { get; set; }

    public int RefusedBefore { get; set; }

    public int RefusedIn { get; set; }

    /// <summary>What it has in flight, by lane: the last number of each message.</summary>
    public List<uint>[] InFlight { get; } = [[], [], []];

    /// <summary>What was committed and went when the hub's disk went back to a backup.</summary>
    public HashSet<(Lane Lane, uint Epoch, uint Seq)> Restored { get; } = [];

    /// <summary>A call that went with a restore may come again, and would then open a second time.</summary>
    public void ForgetRestored()
    {
        foreach (var press in Presses)
        {
            var gone = press.Openings.RemoveAll(Restored.Contains);
            press.WentWithRestore |= gone > 0;
        }
    }
}
