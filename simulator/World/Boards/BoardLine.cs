using Gateway.World.Kernel;

namespace Gateway.World.Boards;

/// <summary>A line with end-of-line resistors that ends at the box: what it watches, and what it does to the converter's pin.</summary>
/// <param name="Channel">Of the converter.</param>
/// <param name="Kind">Of its signals; of the help button's line the name of its fault.</param>
/// <param name="Zone">Its number on the board.</param>
/// <param name="IsLife">Its signals travel with the calls, and at most one in 10 s.</param>
public sealed record BoardLine(int Channel, string Kind, int Zone, bool IsLife)
{
    public const string Normal = "normal";
    public const string Alarm = "alarm";
    public const string Open = "open";
    public const string Short = "short";

    public static readonly BoardLine Pen = new(0, "pen", 5, false);
    public static readonly BoardLine Smoke = new(1, "smoke", 6, true);

    /// <summary>Beside the comparator that tells a press: here only its faults are seen.</summary>
    public static readonly BoardLine Help = new(5, "help-line", 1, false);

    /// <summary>What every board has.</summary>
    public static readonly BoardLine[] Usual = [Pen, Smoke, Help];

    /// <summary>As the board is provisioned; of the lines only a zone's.</summary>
    public string Provisioning => $"\"zone{Zone}\":\"loop{Channel + 1} {Kind}{(IsLife && Kind is not ("smoke" or "gas") ? " life" : "")}\"";

    /// <summary>mV at the pin, anywhere within the band that tells this state (hardware/loop-thresholds.json), 30 mV from its borders; an alarm on either side of normal.</summary>
    public static int DrawMillivolts(string state, Dice dice)
    {
        var (from, to) = state switch
        {
            Short => (0, 350),
            Open => (2_010, 2_450),
            Alarm when dice.OneIn(2) => (430, 780),
            Alarm => (1_370, 1_930),
            _ => (860, 1_290),
        };
        return (int)dice.Between(from, to);
    }
}
