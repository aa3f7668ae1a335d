using Gateway.Firmware.Ports;
using Gateway.World.Kernel;

namespace Gateway.World.Boards;

/// <summary>What the zones of one board watch: every board has two doors, a pen and smoke; every other one has more, or other, by its seed.</summary>
public sealed class BoardZones
{
    /// <summary>Local time of every station of this world, minutes east of UTC: the settings' default.</summary>
    public const int UtcOffsetMin = 480;

    private const int DayMin = 1_440;

    private static readonly (string Kind, bool IsLife)[] _kindsOfLines =
        [("gas", true), ("water", false), ("sensor", false), ("water", true), ("sensor", true), ("pen", true), ("tamper", false), ("mains", false)];

    private static readonly (string Kind, bool IsLife)[] _kindsOfContacts =
        [(BoardContact.Patrol, false), (BoardContact.Patrol, false), (BoardContact.Door, true), ("sensor", true), ("water", false), (BoardContact.Door, false)];

    public BoardZones(ulong seed, string device)
    {
        var dice = new Dice(seed, "zones " + device);
        List<BoardLine> lines = [.. BoardLine.Usual];
        var (disarmMin, armMin) = (0, 0);
        var second = (Kind: BoardContact.Door, IsLife: false);
        HasMore = dice.OneIn(2);
        if (HasMore)
        {
            var last = dice.Between(7, 8);
            for (var zone = 7; zone <= last; zone++)
            {
                var (kind, isLife) = dice.Pick<(string, bool)>(_kindsOfLines);
                lines.Add(new BoardLine(zone - 5, kind, zone, isLife));
            }

            second = dice.Pick<(string, bool)>(_kindsOfContacts);
            if (dice.OneIn(2))
            {
                // The world begins at eight in the morning, local time: from some time of its first hours, or since the evening before.
                (disarmMin, armMin) = dice.OneIn(2) ? (DrawMin(dice, 22, 120), DrawMin(dice, 8, 120)) : (DrawMin(dice, 8, 240), 0);
                armMin = armMin > 0 ? armMin : disarmMin + (int)dice.Between(20, 180);
            }
        }

        Lines = [.. lines];
        Contacts =
        [
            new BoardContact(InputId.Contact1, "contact1", BoardContact.Door, 3, false, disarmMin, armMin % DayMin),
            new BoardContact(InputId.Contact2, "contact2", second.Kind, 4, second.IsLife),
        ];
    }

    /// <summary>It has other zones than the usual ones.</summary>
    public bool HasMore { get; }

    public BoardLine[] Lines { get; }

    public BoardContact[] Contacts { get; }

    /// <summary>As the board is provisioned.</summary>
    public string Provisioning => string.Join(',', Contacts.Select(static contact => contact.Provisioning).Concat(Lines.Where(static line => line != BoardLine.Help).Select(static line => line.Provisioning)));

    /// <summary>Kind and number of each zone but the buttons, and whether its signals travel with the calls.</summary>
    public IEnumerable<(int Zone, string Kind, bool IsLife)> All =>
        Contacts.Select(static contact => (contact.Zone, contact.Kind, contact.IsLife)).Concat(Lines.Where(static line => line != BoardLine.Help).Select(static line => (line.Zone, line.Kind, line.IsLife)));

    public BoardContact? ContactAt(int input) => Array.Find(Contacts, contact => contact.Input == input);

    public BoardContact? ContactOf(int zone) => Array.Find(Contacts, contact => contact.Zone == zone);

    public BoardLine? LineOf(int zone) => Array.Find(Lines, line => line.Zone == zone && line != BoardLine.Help);

    /// <summary>It has this zone, and of this kind.</summary>
    public bool Has(int zone, string kind) => (ContactOf(zone)?.Kind ?? LineOf(zone)?.Kind) == kind;

    public bool IsLife(int zone) => ContactOf(zone)?.IsLife ?? LineOf(zone)?.IsLife ?? false;

    /// <summary>Some minute of the day in so many minutes from this hour on.</summary>
    private static int DrawMin(Dice dice, int hour, int minutes) => (hour * 60) + (int)dice.Between(1, minutes - 1);
}
