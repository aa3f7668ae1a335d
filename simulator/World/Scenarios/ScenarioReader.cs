using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Hub.Stations;
using YamlDotNet.Core;

namespace Gateway.World.Scenarios;

/// <summary>Reads a scenario file strictly, as station files are read: an unknown member, sentence or word is an error with file and line, and nothing runs.</summary>
public static partial class ScenarioReader
{
    public const int StepsMax = 500;
    private const int SentenceMaxChars = 400;

    /// <summary>The forms of all sentences, with places for words in braces.</summary>
    public static IEnumerable<string> Phrases => Vocabulary.All.Select(phrase => phrase.Pattern);

    /// <param name="path">A file in <c>seeds/scenarios</c>; its station is looked for in <c>../stations</c> from there.</param>
    public static ScenarioLoadResult Load(string path)
    {
        var file = Path.GetFileName(path);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > StationLoader.FileMaxBytes })
            {
                return Failed(new(file, 0, $"The file has more than {StationLoader.FileMaxBytes} bytes."));
            }

            return Read(File.ReadAllText(path), file, Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "..", "stations"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed(new(file, 0, $"The file cannot be read: {e.Message}"));
        }
    }

    /// <param name="stations">The folder of station files.</param>
    public static ScenarioLoadResult Read(string text, string file, string stations)
    {
        var errors = new List<StationFileError>();
        try
        {
            var root = YamlObject.Parse(text, file, errors);
            var scenario = root is null ? null : Read(root, file, stations, errors);
            return errors.Count == 0 && scenario is not null ? new(scenario, []) : new(null, [.. errors]);
        }
        catch (TooManyErrors)
        {
            return new(null, [.. errors]);
        }
        catch (YamlException e)
        {
            return Failed(new(file, (int)e.Start.Line, $"This is not YAML: {e.Message}"));
        }
    }

    private static Scenario? Read(YamlObject root, string file, string stations, List<StationFileError> errors)
    {
        root.Integer("format", 1, 1);
        var name = root.Id("scenario");
        if (name.Length > 0 && name != Path.GetFileNameWithoutExtension(file))
        {
            root.Offend(root.Line, $"`scenario: {name}` must be the file's name, {Path.GetFileNameWithoutExtension(file)}.");
        }

        var title = root.Text("title", 120);
        root.Text("story", 2_000);
        var sources = root.Ids("sources", 20, SourceItem(), "an item of SOURCES.md such as S3.5");
        var begins = root.Text("begins", 16);
        ImmutableArray<string> stationIds = root.Has("stations") ? root.Ids("stations", StationBook.StationsMax) : [root.Id("station")];
        var boards = root.Ids("boards", 1_000);
        var steps = root.Objects("steps", 1, StepsMax);
        root.RefuseOthers();
        if (!DateTime.TryParseExact(begins, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var begin))
        {
            root.Offend(root.Line, $"`begins: {begins}` must be a day and a time on the station's clock, such as \"2026-03-02 08:00\".");
        }

        if (Load(stationIds, stations, errors) is not { } book)
        {
            return null;
        }

        var station = book.All;
        foreach (var odd in boards.Where(board => station.FindBoard(board) is null))
        {
            root.Offend(root.Line, $"The station has no board `{odd}`.");
        }

        var read = steps.Select(step => ReadStep(step, book)).OfType<ScenarioStep>().ToImmutableArray();
        if (errors.Count == 0 && read.All(step => step.Kind == StepKind.Do))
        {
            root.Offend(root.Line, "A scenario that expects nothing proves nothing.");
        }

        return new Scenario(
            name, title, sources, book, new DateTimeOffset(begin, station.UtcOffset), boards.IsEmpty ? [.. station.Boards.Select(board => board.DeviceId)] : boards, read);
    }

    private static StationBook? Load(ImmutableArray<string> ids, string folder, List<StationFileError> errors)
    {
        var loaded = ids.Select(id => (File: id + ".yaml", Result: StationLoader.Load(Path.Combine(folder, id + ".yaml")))).ToList();
        var wrong = loaded.SelectMany(file => file.Result.Errors).ToList();
        wrong.AddRange(wrong.Count > 0 ? [] : StationBookCheck.Errors([.. loaded.Select(file => (file.File, file.Result.Station!))]));
        errors.AddRange(wrong.Take(StationLoader.ErrorsMax - errors.Count));
        return wrong.Count > 0 || ids.IsEmpty ? null : new StationBook(loaded.Select(file => file.Result.Station!));
    }

    private static ScenarioStep? ReadStep(YamlObject step, StationBook stations)
    {
        if (step.Names.Count != 1)
        {
            step.Offend(step.Line, "A step is one sentence behind one word: `then`, `expect`, `after 20 s`, `on day 2 at 09:00`, or `refused NAME`.");
            return null;
        }

        var key = step.Names.Single();
        var sentence = step.Text(key, SentenceMaxChars);
        var (kind, wait, refusal) = (StepKind.Do, default(StepWait), "");
        if (key == "expect")
        {
            kind = StepKind.Expect;
        }
        else if (Refused().Match(key) is { Success: true } refused)
        {
            (kind, refusal) = (StepKind.Refused, refused.Groups[1].Value);
        }
        else if (After().Match(key) is { Success: true } after)
        {
            wait = new StepWait(Durations.Parse(after.Groups[1].Value), 0, default);
        }
        else if (OnDay().Match(key) is { Success: true } day && TimeOnly.TryParseExact(day.Groups[2].Value, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            wait = new StepWait(default, int.Parse(day.Groups[1].Value, CultureInfo.InvariantCulture), at);
        }
        else if (key != "then")
        {
            step.Offend(step.Line, $"`{key}` is not how a step begins: `then`, `expect`, `after 20 s`, `on day 2 at 09:00`, or `refused NAME`.");
            return null;
        }

        int? call = null;
        var said = sentence;
        if (InCall().Match(sentence) is { Success: true } inCall)
        {
            call = int.Parse(inCall.Groups[1].Value, CultureInfo.InvariantCulture);
            said = sentence[inCall.Length..];
        }

        var mayLook = kind == StepKind.Expect || wait != default;
        foreach (var phrase in Vocabulary.All)
        {
            if ((phrase.IsCheck ? !mayLook : kind == StepKind.Expect) || phrase.Match(said) is not { } words)
            {
                continue;
            }

            foreach (var (name, word) in words)
            {
                if (WordTypes.Offence(name, word, stations) is { } offence)
                {
                    step.Offend(step.Line, offence);
                }
            }

            return new ScenarioStep(step.Line, phrase.IsCheck ? StepKind.Expect : kind, wait, sentence, refusal, call) { Phrase = phrase, Words = new Words(words) };
        }

        step.Offend(step.Line, $"No sentence of the vocabulary {(kind == StepKind.Expect ? "expects" : "says")}: {said}. {Vocabulary.Nearest(said, kind == StepKind.Expect)}");
        return null;
    }

    private static ScenarioLoadResult Failed(StationFileError error) => new(null, [error]);

    [GeneratedRegex(@"^S[1-9]\.[1-9]\d?$")]
    private static partial Regex SourceItem();

    [GeneratedRegex(@"^refused ([a-z-]{3,40})$")]
    private static partial Regex Refused();

    [GeneratedRegex(@"^after (" + Durations.Pattern + ")$")]
    private static partial Regex After();

    [GeneratedRegex(@"^on day ([1-9]\d{0,2}) at (\d\d:\d\d)$")]
    private static partial Regex OnDay();

    [GeneratedRegex(@"^in call ([1-9]\d{0,3}), ")]
    private static partial Regex InCall();
}
