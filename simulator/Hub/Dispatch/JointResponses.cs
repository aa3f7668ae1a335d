using System.Collections.Immutable;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;

namespace Gateway.Hub.Dispatch;

/// <summary>A joint response, filled with those who could be there first.</summary>
/// <param name="Chosen">Best first within each place; nobody twice.</param>
/// <param name="Unfilled">Places that nobody on duty can fill.</param>
public sealed record JointProposal(JointResponse Response, ImmutableArray<Suggestion> Chosen, int Unfilled);

/// <summary>Fills the station's templates of joint response. Proposes; a person sends.</summary>
public static class JointResponses
{
    public static ImmutableArray<JointProposal> For(Station station, Incident incident, ImmutableArray<Suggestion> ranked)
    {
        var kind = incident.Kind.ToString();
        return [.. station.JointResponses
            .Where(response => response.Kinds.IsEmpty || response.Kinds.Contains(kind, StringComparer.OrdinalIgnoreCase))
            .Select(response => Fill(response, incident, ranked))];
    }

    private static JointProposal Fill(JointResponse response, Incident incident, ImmutableArray<Suggestion> ranked)
    {
        var sent = incident.Assignments.Where(assignment => assignment.IsActive).Select(assignment => assignment.ResponderId).ToHashSet(StringComparer.Ordinal);
        var chosen = ImmutableArray.CreateBuilder<Suggestion>();
        var unfilled = 0;
        foreach (var member in response.Members)
        {
            var able = ranked.Where(suggestion => Fits(member, suggestion.Responder) && !sent.Contains(suggestion.Responder.Id)).Take(member.Count).ToList();
            unfilled += member.Count - able.Count;
            chosen.AddRange(able);
            sent.UnionWith(able.Select(suggestion => suggestion.Responder.Id));
        }

        return new JointProposal(response, chosen.ToImmutable(), unfilled);
    }

    private static bool Fits(JointMember member, Responder responder) =>
        member.Roles.Contains(responder.Role)
        && (member.Skill.Length == 0 || responder.Skills.Contains(member.Skill))
        && (member.Means.IsEmpty || member.Means.Any(responder.Means.Contains));
}
