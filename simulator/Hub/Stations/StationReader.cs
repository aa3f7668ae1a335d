using System.Collections.Immutable;

namespace Gateway.Hub.Stations;

/// <summary>The members of a station file, with their bounds. seeds/README.md says the same in words.</summary>
internal static class StationReader
{
    public const int VillagesMax = 1_000;
    public const int RoadsMax = 5_000;
    public const int CallPointsMax = 10_000;
    public const int BoardsMax = 10_000;
    public const int RespondersMax = 5_000;
    public const int ZonesMax = 33;
    public const int NameMaxChars = 64;
    public const int TextMaxChars = 500;

    private const int SecondsMax = 30 * 24 * 3600;

    public static Station? Read(YamlObject root)
    {
        if (root.Integer("format", 1, 1) != 1 || root.Object("station") is not { } head)
        {
            return null;
        }

        var station = new Station
        {
            Id = head.Id("id"),
            Name = Local(head, "name", NameMaxChars),
            Region = Local(head, "region", NameMaxChars),
            DataNote = head.Has("dataNote") ? Local(head, "dataNote", TextMaxChars) : OptionalText(head, "dataNote"),
            VillageId = head.Id("village"),
            Targets = ReadTargets(root.Object("targets", required: false)),
            Speeds = ReadSpeeds(root.Object("speeds")),
            Villages = ReadUnique(root, "villages", 1, VillagesMax, ReadVillage, village => village.Id),
            Roads = [.. root.Objects("roads", 0, RoadsMax).Select(ReadRoad)],
            CallPoints = ReadUnique(root, "callPoints", 0, CallPointsMax, ReadCallPoint, point => point.Id),
            Boards = ReadUnique(root, "boards", 0, BoardsMax, ReadBoard, board => board.DeviceId),
            Responders = ReadUnique(root, "responders", 0, RespondersMax, ReadResponder, responder => responder.Id),
            Patrol = new PatrolPlan(
                ReadUnique(root, "shifts", 0, OrganisationReader.ShiftsMax, OrganisationReader.ReadShift, shift => shift.Id),
                ReadUnique(root, "patrolPoints", 0, PatrolReader.PointsMax, PatrolReader.ReadPoint, point => point.Id),
                ReadUnique(root, "patrolLines", 0, PatrolReader.LinesMax, PatrolReader.ReadLine, line => line.Id)),
            Warnings = PatrolReader.ReadWarnings(root.Object("warnings", required: false)),
            UtcOffset = TimeSpan.FromMinutes(head.Integer("utcOffsetMin", -720, 840, 480)),
            Roster = ReadUnique(root, "roster", 0, OrganisationReader.ShiftsMax, OrganisationReader.ReadRoster, entry => entry.ShiftId),
            JointResponses = ReadUnique(root, "jointResponses", 0, OrganisationReader.JointResponsesMax, OrganisationReader.ReadJointResponse, response => response.Id),
            WatchGroups = ReadUnique(root, "watchGroups", 0, OrganisationReader.WatchGroupsMax, OrganisationReader.ReadWatchGroup, group => group.Id),
            Areas = ReadUnique(root, "areas", 0, OrganisationReader.AreasMax, OrganisationReader.ReadArea, area => area.Id),
            Above = ReadUnique(head, "above", 0, OrganisationReader.LevelsMax, OrganisationReader.ReadLevel, level => level.Id),
            Neighbours = [.. root.Objects("neighbours", 0, OrganisationReader.NeighboursMax).Select(OrganisationReader.ReadNeighbour)],
        };
        head.RefuseOthers();
        root.RefuseOthers();
        return station;
    }

    private static LocalText OptionalText(YamlObject from, string name)
    {
        from.Object(name, required: false);
        return LocalText.Empty;
    }

    internal static LocalText Local(YamlObject from, string name, int maxChars)
    {
        if (from.Object(name) is not { } text)
        {
            return LocalText.Empty;
        }

        var local = new LocalText(text.Text("zh", maxChars), text.Text("en", maxChars, ""), text.Text("mn", maxChars, ""));
        text.RefuseOthers();
        return local;
    }

    private static ImmutableArray<T> ReadUnique<T>(YamlObject root, string name, int min, int max, Func<YamlObject, T> read, Func<T, string> idOf)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in root.Objects(name, min, max))
        {
            var value = read(item);
            item.RefuseOthers();
            if (lines.TryAdd(idOf(value), item.Line))
            {
                items.Add(value);
            }
            else
            {
                root.Offend(item.Line, $"`{idOf(value)}` stands twice in `{name}`: first in line {lines[idOf(value)]}.");
            }
        }

        return items.ToImmutable();
    }

    private static StationTargets ReadTargets(YamlObject? from)
    {
        var defaults = new StationTargets();
        if (from is null)
        {
            return defaults;
        }

        var targets = new StationTargets
        {
            AcceptS = from.Integer("acceptS", 1, SecondsMax, defaults.AcceptS),
            AssessS = from.Integer("assessS", 1, SecondsMax, defaults.AssessS),
            DispatchS = from.Integer("dispatchS", 1, SecondsMax, defaults.DispatchS),
            GoOutS = from.Integer("goOutS", 1, SecondsMax, defaults.GoOutS),
            ArriveCoreS = from.Integer("arriveCoreS", 1, SecondsMax, defaults.ArriveCoreS),
            ArriveKeyS = from.Integer("arriveKeyS", 1, SecondsMax, defaults.ArriveKeyS),
            ArriveGeneralS = from.Integer("arriveGeneralS", 1, SecondsMax, defaults.ArriveGeneralS),
            HandleS = from.Integer("handleS", 1, SecondsMax, defaults.HandleS),
            ReportS = from.Integer("reportS", 1, SecondsMax, defaults.ReportS),
            FollowUpS = from.Integer("followUpS", 1, SecondsMax, defaults.FollowUpS),
            CloseS = from.Integer("closeS", 1, SecondsMax, defaults.CloseS),
            CallBackS = from.Integer("callBackS", 1, SecondsMax, defaults.CallBackS),
            EscalateAgainS = from.Integer("escalateAgainS", 1, SecondsMax, defaults.EscalateAgainS),
            AnswerS = from.Integer("answerS", 1, SecondsMax, defaults.AnswerS),
            LinkLostS = from.Integer("linkLostS", 0, SecondsMax, defaults.LinkLostS),
            MediateS = from.Integer("mediateS", 1, SecondsMax, defaults.MediateS),
            MediationFollowUpS = from.Integer("mediationFollowUpS", 1, SecondsMax, defaults.MediationFollowUpS),
            CaseTakeS = from.Integer("caseTakeS", 1, SecondsMax, defaults.CaseTakeS),
            CaseFeedbackS = from.Integer("caseFeedbackS", 1, SecondsMax, defaults.CaseFeedbackS),
            FollowUpByKindS = OrganisationReader.ReadFollowUps(from, SecondsMax),
            JoinWindowS = from.Integer("joinWindowS", 0, 24 * 3600, defaults.JoinWindowS),
        };
        from.RefuseOthers();
        return targets;
    }

    private static TravelSpeeds ReadSpeeds(YamlObject? from)
    {
        if (from is null)
        {
            return new TravelSpeeds(1, 1, 1, 1);
        }

        var speeds = new TravelSpeeds(from.Number("carKmh", 1, 150), from.Number("motorbikeKmh", 1, 150), from.Number("horseKmh", 1, 60), from.Number("footKmh", 1, 15));
        from.RefuseOthers();
        return speeds;
    }

    private static Village ReadVillage(YamlObject from)
    {
        var synthetic = from.Words("synthetic", ["name", "place"]);
        return new Village(
            from.Id("id"), Local(from, "name", NameMaxChars), from.Number("latitude", -90, 90), from.Number("longitude", -180, 180),
            synthetic.Contains("name"), synthetic.Contains("place"));
    }

    private static Road ReadRoad(YamlObject from)
    {
        var road = new Road(from.Id("from"), from.Id("to"), from.Number("km", 0.1, 500), from.Choices<TravelMeans>("means"));
        from.RefuseOthers();
        return road;
    }

    private static CallPoint ReadCallPoint(YamlObject from)
    {
        var (number, synthetic) = ReadNumber(from, "callBack", required: true);
        return new CallPoint(
            from.Id("id"), Local(from, "name", NameMaxChars), from.Id("village"), from.Choice<ZoneClass>("zoneClass"), number, synthetic,
            Local(from, "directions", TextMaxChars), from.LanguageTags("languages")) { Mobile = from.Flag("mobile", false) };
    }

    private static (string Number, bool Synthetic) ReadNumber(YamlObject from, string name, bool required)
    {
        if (from.Object(name, required) is not { } entry)
        {
            return ("", false);
        }

        var number = entry.Text("number", 24);
        if (number.Any(c => !char.IsAsciiDigit(c) && c is not ('+' or '-' or ' ')))
        {
            from.Offend(entry.Line, "`number` must be made of digits, '+', '-' and spaces.");
        }

        var synthetic = entry.Flag("synthetic", false);
        entry.RefuseOthers();
        return (number, synthetic);
    }

    private static Board ReadBoard(YamlObject from)
    {
        var device = from.Id("device");
        if (device.Length < 3)
        {
            from.Offend(from.Line, "`device` must have at least 3 characters: it is the board's name on the wire.");
        }

        return new Board(device, from.Id("callPoint"), [.. from.Objects("zones", 1, ZonesMax).Select(ReadZone)]) { Annunciator = from.Flag("annunciator", false) };
    }

    private static Zone ReadZone(YamlObject from)
    {
        var zone = new Zone(from.Integer("zone", 0, 32), from.Choice<ZoneKind>("kind"), Local(from, "name", NameMaxChars), from.Flag("lifeSafety", false));
        from.RefuseOthers();
        return zone;
    }

    private static Responder ReadResponder(YamlObject from)
    {
        var (telephone, synthetic) = ReadNumber(from, "telephone", required: false);
        var responder = new Responder(
            from.Id("id"), Local(from, "name", NameMaxChars), from.Choice<ResponderRole>("role"), from.Id("village"), from.Words("skills", SkillNames.All),
            from.LanguageTags("languages"), from.Choices<TravelMeans>("means"), from.Integer("readyMin", 0, 60), from.Flag("onDuty", true))
        {
            BoxDevice = from.Has("box") ? from.Id("box") : "",
            Telephone = telephone,
            TelephoneSynthetic = synthetic,
        };
        if (responder.BoxDevice.Length == 0)
        {
            from.Text("box", 32, "");
        }

        if (responder.Means.IsEmpty)
        {
            from.Offend(from.Line, $"`{responder.Id}` needs at least one means of travel; on foot is one.");
        }

        return responder;
    }
}
