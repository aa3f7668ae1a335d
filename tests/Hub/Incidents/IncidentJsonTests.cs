using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Hub.Incidents;
using static Gateway.Hub.Incidents.IncidentCommand;
using static Gateway.Hub.Tests.Incidents.IncidentStory;

namespace Gateway.Hub.Tests.Incidents;

/// <summary>What is stored for good is read again, case by case.</summary>
public sealed class IncidentJsonTests
{
    [Fact]
    public void Every_event_has_its_name_and_the_same_one_everywhere()
    {
        var cases = typeof(IncidentEvent).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(IncidentEvent))).ToList();
        var named = typeof(IncidentEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().ToDictionary(attribute => attribute.DerivedType, attribute => (string)attribute.TypeDiscriminator!);

        Assert.Equal(cases.Select(type => type.Name).Order(), named.Keys.Select(type => type.Name).Order());
        Assert.All(named, pair => Assert.Equal(char.ToLowerInvariant(pair.Key.Name[0]) + pair.Key.Name[1..], pair.Value));
    }

    [Fact]
    public void Every_command_of_a_person_has_a_name_and_none_of_the_hub_has()
    {
        var cases = typeof(IncidentCommand).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(IncidentCommand))).Select(type => type.Name);
        var named = typeof(IncidentCommand).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(attribute => attribute.DerivedType.Name).ToList();
        string[] hub = [nameof(OpenBySignal), nameof(JoinSignal), nameof(RestoreBySignal), nameof(CancelByPresser), nameof(Escalate),
            nameof(OpenBySplit), nameof(NoAnswer), nameof(Inform), nameof(ReachBy), nameof(StartWatch), nameof(WatchSounds), nameof(WatchAnswers), nameof(StopWatch)];

        Assert.Equal(cases.Except(hub).Order(), named.Order());
        Assert.Throws<JsonException>(() => ReadCommand("""{"type":"escalate","clock":"accept"}"""));
        Assert.Throws<JsonException>(() => ReadCommand("""{"type":"openBySignal"}"""));
    }

    [Fact]
    public void A_whole_story_survives_the_store()
    {
        var story = WithHelpCall().PressedAgain(3).CancelledByPresser().After(30).Does(new Escalate(ClockName.Accept), "clock").Does(new AcknowledgeEscalation())
            .OnScene().Does(new Note("A word: 牧民说蒙语.")).Does(new HandToCaseTeam("case team", "A theft."))
            .Does(new TakeCase("2026-17")).Does(new FeedBackCase("The thief was found.")).Does(new ReferToMediation("mediation room", [PartyRole.Presser, PartyRole.OtherParty], "A fence."))
            .Does(new EndMediation(MediationResult.Agreed, "Agreed.")).Does(new FollowUpMediation("Kept.")).Does(new Inform(["officer-2"], InformReason.Warden), "clock")
            .Does(new StartWatch("bayanbulag", ["sumitu-02"], []), "clock").Does(new WatchSounds("sumitu-02"), "gw/sumitu-02").Does(new WatchAnswers("sumitu-02"), "gw/sumitu-02").Does(new StopWatch(), "clock")
            .Does(new ReachBy("officer-2", ReachChannel.Box, ReachState.Sent, "c-1"), "clock").Does(new Answer("officer-2"))
            .Does(new CallBack(CallBackResult.PresserSafe, "Is well.")).Does(new Handle("Done.")).Does(new Report("Done.", Disposition.CaseOpened))
            .Does(new Reopen("Too early.")).Does(new Handle("Done.")).Does(new Report("Done.", Disposition.CaseOpened)).Does(new WaiveFollowUp("supervisor-1", "Moved.")).Does(new Close());

        var stored = story.Events.Select(IncidentJson.Write).ToList();
        var read = IncidentRules.Evolve(null, stored.Select(IncidentJson.ReadEvent));

        Assert.Equal(stored, story.Events.Select(happened => IncidentJson.Write(IncidentJson.ReadEvent(IncidentJson.Write(happened)))));
        Assert.Equal(IncidentJson.Write(story.Current), IncidentJson.Write(read));
        Assert.Equal(IncidentJson.Write(story.Current), IncidentJson.Write(IncidentJson.ReadIncident(IncidentJson.Write(story.Current))));
        Assert.Equal(story.Events.Count, read.Version);
        Assert.All(story.Events.Zip(stored), pair => Assert.Contains($"\"type\":\"{IncidentJson.TypeOf(pair.First)}\"", pair.Second));
    }

    [Fact]
    public void Commands_are_read_as_the_API_gets_them()
    {
        Assert.Equal(new Accept(), ReadCommand("""{"type":"accept"}"""));
        Assert.Equal(["officer-1"], Assert.IsType<IncidentCommand.Dispatch>(ReadCommand("""{"responderIds":["officer-1"],"etaMin":70,"type":"dispatch"}""")).ResponderIds);
        Assert.Equal(new Report("Done.", Disposition.FalseAlarm), ReadCommand("""{"type":"report","text":"Done.","disposition":"falseAlarm"}"""));
    }

    [Theory]
    [InlineData("""{"type":"report","text":"Done."}""")]
    [InlineData("""{"type":"report","text":"Done.","disposition":"sold"}""")]
    [InlineData("""{"type":"report","text":"Done.","disposition":3}""")]
    [InlineData("""{"type":"report","text":null,"disposition":"helped"}""")]
    [InlineData("""{"type":"dispatch"}""")]
    [InlineData("""{"type":"vanish"}""")]
    public void What_is_no_command_is_no_command(string json) => Assert.ThrowsAny<JsonException>(() => ReadCommand(json));

    private static IncidentCommand? ReadCommand(string json) => JsonSerializer.Deserialize<IncidentCommand>(json, IncidentJson.Options);
}
