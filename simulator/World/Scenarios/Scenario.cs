using System.Collections.Immutable;
using Gateway.Hub.Stations;

namespace Gateway.World.Scenarios;

/// <summary>A story that a station must be able to live through, as its file tells it (seeds/README.md).</summary>
/// <param name="Sources">The items of seeds/SOURCES.md that it exercises, such as <c>S3.5</c>.</param>
/// <param name="Begins">When its clock begins to run.</param>
/// <param name="Boards">The boards that are there; the station's others are switched off.</param>
public sealed record Scenario(
    string Name, string Title, ImmutableArray<string> Sources, StationBook Stations, DateTimeOffset Begins, ImmutableArray<string> Boards, ImmutableArray<ScenarioStep> Steps)
{
    /// <summary>What all of them list, in one; the only one, where there is one.</summary>
    public Station Station => Stations.All;

    /// <summary>By which its verdict names them.</summary>
    public string StationIds => string.Join('+', Stations.Stations.Select(station => station.Id));
}

public enum StepKind
{
    /// <summary>Something happens, and must not be refused.</summary>
    Do,

    /// <summary>Something must be the case now.</summary>
    Expect,

    /// <summary>Something is tried, and must be refused under a name.</summary>
    Refused,
}

/// <summary>One line of a scenario.</summary>
/// <param name="Line">In the file, 1 or above.</param>
/// <param name="Wait">How much time passes before it.</param>
/// <param name="Sentence">As it stands in the file.</param>
/// <param name="Refusal">The name of the refusal, for <see cref="StepKind.Refused"/>.</param>
/// <param name="Call">Which call it is about, 1 or above; null for the newest that was spoken of.</param>
public sealed record ScenarioStep(int Line, StepKind Kind, StepWait Wait, string Sentence, string Refusal, int? Call)
{
    internal Phrase Phrase { get; init; } = null!;

    internal Words Words { get; init; } = null!;
}

/// <summary>Time that passes: so long, or until a time of a day of the scenario (day 1 is the day on which it begins).</summary>
public readonly record struct StepWait(TimeSpan For, int Day, TimeOnly At)
{
    public bool IsUntil => Day > 0;
}

/// <summary>A scenario, or at least one error; never both.</summary>
public sealed record ScenarioLoadResult(Scenario? Scenario, ImmutableArray<StationFileError> Errors);
