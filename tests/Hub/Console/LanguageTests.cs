using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Gateway.Hub.Accounts;
using Gateway.Hub.Console;
using Gateway.Hub.Console.Room;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Stations;
using Gateway.Hub.Statistics;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Patrol;
using Gateway.Hub.Work.Reviews;
using Gateway.Hub.Work.Shifts;
using Gateway.Hub.Work.Support;
using Gateway.Hub.Work.Visits;
using Gateway.Hub.Work.Warnings;

namespace Gateway.Hub.Tests.Console;

/// <summary>Language is data: every key is in every language, every key that the sources use is there, and none is there for nothing.</summary>
public sealed partial class LanguageTests
{
    [Fact]
    public void Chinese_and_English_are_there() => Assert.Superset(new HashSet<string> { "en", "zh-CN" }, Words.BuiltIn.Select(words => words.Tag).ToHashSet());

    [Fact]
    public void Every_language_has_the_same_keys_with_the_same_places()
    {
        var english = Words.BuiltIn.Single(words => words.Tag == "en");
        foreach (var words in Words.BuiltIn)
        {
            Assert.Equal(english.Keys.Order(StringComparer.Ordinal), words.Keys.Order(StringComparer.Ordinal));
            foreach (var key in english.Keys)
            {
                Assert.False(string.IsNullOrWhiteSpace(words[key]), $"{words.Tag}: '{key}' is empty");
                Assert.True(Places(english[key]).SetEquals(Places(words[key])), $"{words.Tag}: '{key}' has other places than in English");
            }
        }
    }

    [Fact]
    public void Every_key_in_the_sources_has_a_text()
    {
        var keys = Words.BuiltIn[0].Keys.ToHashSet();
        var missing = UsedKeys().Where(key => !keys.Contains(key)).Order(StringComparer.Ordinal).ToList();
        Assert.True(missing.Count == 0, "Without a text: " + string.Join(", ", missing));
    }

    [Fact]
    public void No_text_is_there_for_nothing()
    {
        var used = UsedKeys().ToHashSet();
        var unused = Words.BuiltIn[0].Keys.Where(key => !used.Contains(key)).Order(StringComparer.Ordinal).ToList();
        Assert.True(unused.Count == 0, "Used nowhere: " + string.Join(", ", unused));
    }

    [Theory]
    [InlineData(null, "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN")]
    [InlineData(null, "zh-TW", "zh-CN")]
    [InlineData(null, "en-GB,en;q=0.9,zh;q=0.1", "en")]
    [InlineData(null, "mn,ru", "en")]
    [InlineData(null, "", "en")]
    [InlineData("zh-CN", "en", "zh-CN")]
    [InlineData("xx", "zh", "zh-CN")]
    public void The_language_follows_the_choice_and_then_the_browser(string? chosen, string wishes, string expected) =>
        Assert.Equal(expected, Languages.BuiltIn.For(chosen, wishes.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(wish => wish.Split(';')[0])).Tag);

    [Fact]
    public void A_key_without_a_text_is_seen_and_harms_nothing() => Assert.Equal("[no.such.key]", Words.BuiltIn[0]["no.such.key"]);

    [Fact]
    public void Every_key_of_the_key_map_is_a_step_or_a_move()
    {
        var steps = StepKeys();
        var moves = new HashSet<string> { "↓", "↑", "T", "1" };
        Assert.Equal(RoomKeys.All.Count, RoomKeys.All.Select(entry => entry.Key).Distinct().Count());
        Assert.All(RoomKeys.All, entry => Assert.True(moves.Contains(entry.Key) || steps.Contains((entry.Key, entry.Word)), $"{entry.Key} {entry.Word}"));
        Assert.All(steps, step => Assert.Contains(step, RoomKeys.All));
    }

    /// <summary>The keys and words of the steps, read from their source: each is a literal pair.</summary>
    private static HashSet<(string Key, string Word)> StepKeys()
    {
        var source = File.ReadAllText(Path.Combine(Sources.HubFolder, "Console", "Room", "IncidentSteps.cs"));
        return StepLiteral().Matches(source).Select(match => (match.Groups[2].Value, match.Groups[1].Value)).ToHashSet();
    }

    private static IEnumerable<string> UsedKeys()
    {
        // Pages live in the console only; elsewhere a literal of that shape is something else, such as the kind of an audit entry.
        var sources = Sources.Files(["Console"], "*.razor", "*.cs", "*.js").ToList();
        var asked = sources.SelectMany(text => Asked().Matches(text).Select(match => match.Groups[1].Value));
        var literals = sources.SelectMany(text => KeyLiteral().Matches(text).Select(match => match.Groups[1].Value));
        var known = Words.BuiltIn[0].Keys.ToHashSet();
        // A literal of the shape of a key counts as one where its family is a family of texts.
        var families = known.Select(key => key.Split('.')[0]).ToHashSet();
        return literals.Where(key => families.Contains(key.Split('.')[0]) && !IsFile(key)).Concat(asked).Concat(Families());
    }

    private static bool IsFile(string key) => key.EndsWith(".js", StringComparison.Ordinal) || key.EndsWith(".css", StringComparison.Ordinal) || key.EndsWith(".json", StringComparison.Ordinal);

    /// <summary>Keys that the sources put together from a family and a name.</summary>
    private static IEnumerable<string> Families() =>
    [
        .. Of<Stage>("stage"), .. Of<IncidentKind>("kind"), .. Of<ClockName>("clock"), .. Of<Disposition>("disposition"), .. Of<CallBackResult>("callback"),
        .. Of<MediationResult>("mediation"), .. Of<FollowUpResult>("visit"), .. Of<ReachChannel>("channel"), .. Of<ReachState>("reach"), .. Of<PartyRole>("party"), .. SkillNames.All.Select(skill => $"skill.{skill}"),
        .. Of<EscalationLevel>("level").Where(key => key != "level.None"), .. Of<OccurrenceQuality>("quality"), .. Of<Lane>("lane"),
        .. Gateway.Hub.Operation.HubConditions.Names.Select(name => $"condition.{name}"),
        .. Roles.All.Select(role => $"role.{role}"), .. Rights.All.Select(right => $"right.{right}"),
        .. Of<Gateway.Hub.Fleet.ConfigurationProgress>("gateway-progress"), .. new[] { "done", "refused", "expired", "failed" }.Select(result => $"gateway-result.{result}"),
        .. new[] { "provision", "rotate", "replace", "revoke" }.SelectMany(step => new[] { $"gateway-do.{step}", $"gateway-ask.{step}" }),
        .. GatewayCommandNames().SelectMany(name => new[] { $"gateway-command.{name}", $"gateway-command-text.{name}" }),
        .. new[] { "out-of-range", "wrong-type", "conflict", "unknown-member" }.Select(name => $"js.setting.{name}"),
        .. Of<WorkKind>("work-kind"), .. Of<RequestResult>("work-request"), .. Of<SupportRole>("work-role"), .. Of<ReviewResult>("work-review"), .. Of<WarningResult>("work-warning"),
        .. Of<WarningLevel>("work-level").Where(key => key != "work-level.None"), .. Of<ZoneClass>("statistics-zone"),
        .. Of<DigestReasons>("daily-reason").Where(key => key is not ("daily-reason.None" or "daily-reason.Repeated")),
        .. FactCounts.Steps.Select(step => $"statistics-step.{step}"),
        .. MonthReport.Of(202611, [], Stations.Seeds.Sumitu).Shares().SelectMany(share => new[] { $"statistics-share.{share.Name}", $"statistics-def.{share.Name}" }),
        .. typeof(WorkEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>().Select(attribute => $"work-event.{attribute.TypeDiscriminator}"),
        .. typeof(WorkCommand).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>().Select(attribute => $"work-do.{attribute.TypeDiscriminator}").Where(key => key != "work-do.askReview"),
        .. new[] { "running", "missed", "visiting", "requests", "done", "waiting", "pushed", "supervised", "handled", "closed" }.Select(state => $"work-state.{state}"),
        .. new[]
        {
            PatrolShift.ExplainStep, VisitRound.VisitStep, VisitRound.RequestStep, VisitRound.FinishStep, "task", LegalReview.ReviewStep, Warning.SuperviseStep, Warning.HandleStep, Warning.FeedBackStep,
            Handover.TakeOverStep, DailyReview.ReviewStep,
        }.Select(step => $"work-step.{step}"),
        .. Of<NavGroup>("group").Where(key => key is not ("group.Front" or "group.Own")),
        .. Of<Gateway.Hub.Field.FieldStep>("step"),
        .. new[] { "accept", "enRoute", "arrive", "report", "decline" }.SelectMany(tap => new[] { $"js.field.do.{tap}", $"js.field.did.{tap}" }),
        .. new[] { "report", "decline" }.Select(tap => $"js.field.ask.{tap}"),
        .. new[] { "power", "orderly", "watchdog", "crash", "unknown" }.Select(reason => $"gateway-restart.{reason}"), .. new[] { "day", "dark" }.Select(theme => $"theme.{theme}"), .. new[] { "desk", "wall" }.Select(screen => $"screen.{screen}"),
        .. new[] { "gap", "oldest", "backlog", "bound", "epoch" }.Select(cause => $"missing.{cause}"),
        .. new[] { 1, 2, 3 }.SelectMany(priority => new[] { $"priority.{priority}", $"pattern.{priority}" }),
        .. new[] { "open", "closed", "all" }.Select(state => $"incidents.{state}"),
        .. new[] { "assess", "release", "handle", "report", "followup", "callback", "waive", "mediate", "mediated", "mediationvisit", "case", "casetaken", "casefeedback", "merge", "unmerge", "split", "note", "reopen" }.SelectMany(name => new[] { $"dialog.{name}.title", $"dialog.{name}.text" }),
        .. RefusalNamesOfTheApi().Select(name => $"js.refusal.{name}"),
        .. ProtocolKinds().Concat([SignalKinds.JournalLost, SignalKinds.LinkLost]).Select(kind => $"signal-kind.{kind}"),
        .. new[] { "alarm", "normal", "open", "short", "low", "critical" }.Select(state => $"signal-state.{state}"),
        .. DiaryKinds().Select(kind => $"diary.{kind}"),
        .. StationChanges.Of(Stations.Seeds.Sumitu, Stations.Seeds.Sumitu, []).Lists.Select(list => $"js.station.list.{list.List}"),
    ];

    /// <summary>The kinds of signals in the table of section 4 of the protocol.</summary>
    private static IEnumerable<string> ProtocolKinds() =>
        File.ReadLines(Path.Combine(Sources.HubFolder, "..", "..", "firmware", "PROTOCOL.md")).Select(line => KindRow().Match(line)).Where(row => row.Success)
            .SelectMany(row => row.Groups[1].Value.Split(", ")).Select(kind => kind.Trim('`'));

    /// <summary>What a gateway's diary says: a literal in the place of the kind, or a choice of two.</summary>
    private static IEnumerable<string> DiaryKinds() =>
        Sources.Files(["Ingest", "Work"], "*.cs").SelectMany(text => DiaryLiteral().Matches(text)).SelectMany(match => QuotedWord().Matches(match.Value).Select(word => word.Groups[1].Value))
            .Concat(["provisioned", "rotated"]).Distinct();

    private static IEnumerable<string> Of<T>(string family) where T : struct, Enum => Enum.GetNames<T>().Select(name => $"{family}.{name}");

    /// <summary>Every name under which accounts and incident rules refuse: each is told in the reader's language.</summary>
    private static IEnumerable<string> RefusalNamesOfTheApi()
    {
        var rules = typeof(Gateway.Hub.Incidents.RefusalNames).GetFields().Concat(typeof(Gateway.Hub.Work.WorkRefusals).GetFields()).Select(field => (string)field.GetRawConstantValue()!);
        var accounts = Sources.Files("AccountErrors.cs", "AccountRules.cs", "AccountService.cs").SelectMany(text => RefusedLiteral().Matches(text).Select(match => match.Groups[1].Value));
        return rules.Concat(accounts).Concat(["not-allowed", "too-many-tries", "not-a-supervisor", "not-your-call", "no-responder", "gateway-known", "tokens-full", "too-far-away", "unknown-unit"]).Distinct();
    }

    private static IEnumerable<string> GatewayCommandNames() =>
        typeof(Gateway.Hub.Delivery.GatewayCommand).GetNestedTypes().Select(type => char.ToLowerInvariant(type.Name[0]) + type.Name[1..]);

    private static HashSet<string> Places(string text) => Place().Matches(text).Select(match => match.Value).ToHashSet();

    [GeneratedRegex("\\{[0-9]\\}")]
    private static partial Regex Place();

    /// <summary>A literal in the place of a key: <c>W["..."</c>, <c>words["..."</c>, <c>word("..."</c>.</summary>
    [GeneratedRegex("(?:\\b[Ww](?:ords)?\\[|\\bword\\()\"([a-zA-Z.-]+)\"")]
    private static partial Regex Asked();

    [GeneratedRegex("[\"'`]([a-z][a-z-]*(?:\\.[a-z0-9][a-zA-Z0-9-]*)+)[\"'`]")]
    private static partial Regex KeyLiteral();

    [GeneratedRegex("new Step\\(\"([a-z.]+)\", \"([A-Z])\"")]
    private static partial Regex StepLiteral();

    [GeneratedRegex("^\\| ((?:`[a-z]+`(?:, )?)+) \\| (?:call|event)")]
    private static partial Regex KindRow();

    [GeneratedRegex("AddDiary\\([^\"]*(?:\"[a-zA-Z]+\"[ :]*)+,")]
    private static partial Regex DiaryLiteral();

    [GeneratedRegex("\"([a-zA-Z]+)\"")]
    private static partial Regex QuotedWord();

    [GeneratedRegex("Refused\\(\\s*\"([a-z-]+)\"")]
    private static partial Regex RefusedLiteral();
}
