using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Work;
using Gateway.Hub.Work.Warnings;

namespace Gateway.Hub.Tests.Work;

/// <summary>Early warning (S3): which calls make which level, and the closed loop behind it.</summary>
public sealed class WarningTests
{
    private static readonly WarningTable Table = new();
    private static readonly DateTimeOffset Now = TestTime.Start;

    private static ImmutableArray<CountedCall> Calls(params double[] ageDays) =>
        WarningRules.Weigh(ageDays.Select((age, at) => ((long)at + 1, IncidentKind.Help, Now.AddDays(-age))), Table, Now);

    [Fact]
    public void Six_calls_within_three_months_are_red_however_they_lie()
    {
        const int Rounds = 2_000;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            // The sixth is the one that is weighed now.
            double[] ages = [0, .. Enumerable.Range(0, 5).Select(_ => random.NextDouble() * Table.WindowDays)];
            var level = WarningRules.LevelOf(Calls(ages), Table);
            Assert.True(level == WarningLevel.Red, $"seed {seed}, round {round}: {string.Join(" ", ages)}: expected Red, was {level}");
        }
    }

    [Theory]
    [InlineData(WarningLevel.None, "0")]
    [InlineData(WarningLevel.Yellow, "0 10")]
    [InlineData(WarningLevel.Yellow, "0 45 80")]
    [InlineData(WarningLevel.Orange, "0 1 2")]
    [InlineData(WarningLevel.Red, "0 1 2 3")]
    [InlineData(WarningLevel.None, "0 91 120 200 300 400")]
    public void Calls_decay_with_their_age_and_end_with_the_window(WarningLevel expected, string ageDays) =>
        Assert.Equal(expected, WarningRules.LevelOf(Calls([.. ageDays.Split(' ').Select(double.Parse)]), Table));

    [Fact]
    public void A_further_call_never_lowers_a_level_and_an_older_one_never_weighs_more()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 1_000; round++)
        {
            var ages = Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.NextDouble() * 120).ToArray();
            var more = WarningRules.LevelOf(Calls([.. ages, 0]), Table);
            Assert.True(more >= WarningRules.LevelOf(Calls(ages), Table), $"seed {seed}, round {round}");
            var older = WarningRules.LevelOf(Calls([.. ages.Select(age => age + 10)]), Table);
            Assert.True(older <= WarningRules.LevelOf(Calls(ages), Table), $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void A_warning_names_exactly_its_calls_and_its_table_and_goes_through_the_loop()
    {
        var story = new WorkStory().Do(new WarningCommand.Raise("cp", Calls(0, 1, 2, 3)), "clock");
        var raised = story.As<Warning>();
        Assert.Equal(WarningLevel.Red, raised.Level);
        Assert.Equal([4L, 3, 2, 1], raised.Calls.Select(call => call.IncidentId));
        Assert.Equal(Table.Version, raised.TableVersion);
        Assert.Equal(Now.AddHours(Table.SuperviseRedH), WorkClocks.Next(raised)!.Value.DueAt);
        story.Refused(WorkRefusals.NotSupervised, new WarningCommand.Handle("x")).Refused(WorkRefusals.NotHandledYet, new WarningCommand.FeedBack(WarningResult.Resolved, "x"))
            .Do(new WarningCommand.Supervise("Community team", "Visit within two days"), "supervisor")
            .Refused(WorkRefusals.AlreadySupervised, new WarningCommand.Supervise("x", "y"))
            .Do(new WarningCommand.Handle("Visited; mediation agreed"), "community").Refused(WorkRefusals.WarningHandled, new WarningCommand.Handle("x"))
            .Do(new WarningCommand.FeedBack(WarningResult.SupportGiven, "Mediation runs"), "supervisor");
        Assert.Equal(WarningResult.SupportGiven, story.As<Warning>().Result);
        Assert.False(story.Item!.IsOpen);
    }

    [Fact]
    public void A_warning_that_nobody_takes_up_goes_upward_and_one_that_turns_red_has_less_time()
    {
        var story = new WorkStory().Do(new WarningCommand.Raise("cp", Calls(0, 1)), "clock");
        Assert.Equal(Now.AddHours(Table.SuperviseH), WorkClocks.Next(story.Item!)!.Value.DueAt);
        story.Do(new WarningCommand.AddCalls(Calls(0, 1)), "clock");
        Assert.Equal(1, story.Item!.Version);
        story.Do(new WarningCommand.AddCalls(Calls(0, 1, 2, 3)), "clock");
        Assert.Equal(WarningLevel.Red, story.As<Warning>().Level);
        Assert.Equal(Now.AddHours(Table.SuperviseRedH), WorkClocks.Next(story.Item!)!.Value.DueAt);
        story.After(TimeSpan.FromHours(Table.SuperviseRedH)).Do(new WorkCommand.Escalate(Warning.SuperviseStep), "clock");
        Assert.Equal(EscalationLevel.ShiftLeader, story.Item!.EscalatedTo);
    }

    [Fact]
    public void Calls_that_reach_no_level_raise_nothing()
    {
        var story = new WorkStory().Do(new WarningCommand.Raise("cp", Calls(0)), "clock");
        Assert.Null(story.Item);
    }
}
