using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Hub.Stations;

/// <summary>The members of a station file that say who works when and with whom.</summary>
internal static class OrganisationReader
{
    public const int ShiftsMax = 12;
    public const int JointResponsesMax = 32;
    public const int WatchGroupsMax = 1_000;
    public const int AreasMax = 200;
    public const int GroupMax = 100;
    public const int LevelsMax = 6;
    public const int NeighboursMax = 64;

    /// <summary>The kinds of incident that a station file may name, in camel case.</summary>
    private static readonly ImmutableArray<string> KindNames =
        ["help", "silent", "smoke", "gas", "door", "pen", "water", "tamper", "mains", "battery", "fault", "journalLost", "linkLost", "unknown"];

    public static Shift ReadShift(YamlObject from) => new(
        from.Id("id"), StationReader.Local(from, "name", StationReader.NameMaxChars), ReadTimeOfDay(from, "from"), ReadTimeOfDay(from, "to"));

    public static RosterEntry ReadRoster(YamlObject from) => new(from.Id("shift"), from.Ids("responders", StationReader.RespondersMax));

    public static JointResponse ReadJointResponse(YamlObject from) => new(
        from.Id("id"), StationReader.Local(from, "name", StationReader.NameMaxChars), from.Words("kinds", KindNames), [.. from.Objects("members", 1, 16).Select(ReadMember)]);

    public static WatchGroup ReadWatchGroup(YamlObject from) => new(
        from.Id("id"), StationReader.Local(from, "name", StationReader.NameMaxChars), from.Ids("callPoints", GroupMax), from.Ids("volunteers", GroupMax),
        from.Ids("loudspeakers", GroupMax), [.. from.Objects("consents", 0, GroupMax).Select(ReadConsent)]);

    public static Area ReadArea(YamlObject from) => new(
        from.Id("id"), StationReader.Local(from, "name", StationReader.NameMaxChars), from.Choice<AreaKind>("kind"), from.Ids("villages", GroupMax), from.Id("warden"));

    public static StationLevel ReadLevel(YamlObject from) => new(from.Id("id"), StationReader.Local(from, "name", StationReader.NameMaxChars));

    public static Neighbour ReadNeighbour(YamlObject from)
    {
        var neighbour = new Neighbour(from.Id("station"), from.Id("village"), from.Id("theirs"), from.Number("km", 0.1, 500), from.Choices<TravelMeans>("means"));
        from.RefuseOthers();
        return neighbour;
    }

    /// <summary>Follow-up due dates by kind, in seconds.</summary>
    public static ImmutableDictionary<string, int> ReadFollowUps(YamlObject targets, int secondsMax)
    {
        var byKind = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in targets.Objects("followUps", 0, KindNames.Length))
        {
            var seconds = entry.Integer("seconds", 1, secondsMax);
            foreach (var kind in entry.Words("kinds", KindNames))
            {
                byKind[kind] = seconds;
            }

            entry.RefuseOthers();
        }

        return byKind.ToImmutable();
    }

    private static int ReadTimeOfDay(YamlObject from, string name)
    {
        var text = from.Text(name, 5);
        if (!TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            from.Offend(from.Line, $"`{name}: {text}` must be a time of day such as \"08:00\".");
        }

        return (time.Hour * 60) + time.Minute;
    }

    private static JointMember ReadMember(YamlObject from)
    {
        var roles = from.Choices<ResponderRole>("roles");
        if (roles.IsEmpty)
        {
            from.Offend(from.Line, "`roles` must name at least one role.");
        }

        var skill = from.Text("skill", StationReader.NameMaxChars, "");
        if (skill.Length > 0 && !SkillNames.All.Contains(skill))
        {
            from.Offend(from.Line, $"`{skill}` is no skill; there are: {string.Join(", ", SkillNames.All)}.");
        }

        var member = new JointMember(roles, skill, from.Choices<TravelMeans>("means"), from.Integer("count", 1, 8, 1));
        from.RefuseOthers();
        return member;
    }

    private static WatchConsent ReadConsent(YamlObject from)
    {
        var day = from.Text("recordedOn", 10);
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            from.Offend(from.Line, $"`recordedOn: {day}` must be a day such as 2026-02-01.");
        }

        var consent = new WatchConsent(from.Id("callPoint"), day, from.Text("recordedBy", StationReader.NameMaxChars));
        from.RefuseOthers();
        return consent;
    }
}
