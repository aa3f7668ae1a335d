using System.Text.Json;
using Gateway.Hub.Incidents;
using Gateway.Hub.Stations;
using Gateway.Hub.Webhooks;

namespace Gateway.Hub.Ingest;

/// <summary>
/// Writes events into the outbox of webhooks, in the transaction of what they tell. They carry names and numbers: whoever is told reads the rest by the API.
/// Only the message to a responder carries a text and a telephone number, and no word of whoever pressed.
/// </summary>
internal sealed class OutgoingEvents(CoreState core)
{
    /// <summary>One event per incident and batch: the last state tells what the ones before it told.</summary>
    public void Write(IReadOnlyList<(Incident? Before, Incident After)> changed, HubTime now)
    {
        if (core.Webhooks.Count == 0)
        {
            return;
        }

        foreach (var group in changed.GroupBy(change => change.After.Id))
        {
            var (before, after) = (group.First().Before, group.Last().After);
            var name = !after.IsOpen ? WebhookEvents.Closed
                : before is null ? WebhookEvents.Opened
                : after.EscalatedTo > before.EscalatedTo ? WebhookEvents.Escalated
                : WebhookEvents.Changed;
            foreach (var target in core.Webhooks.Where(target => target.Wants(name) && target.IsOf(core.StationOf(after))))
            {
                core.Store.AddOutgoing(target.Name, name, BodyOf(name, after, now), now.Utc, after.Id, "");
            }
        }
    }

    /// <summary>A message to a responder; null when no gateway for messages is set up, false when the outbox is full.</summary>
    public bool? Message(Incident incident, Responder responder, HubTime now)
    {
        if (core.Webhooks.FirstOrDefault(target => target.Wants(WebhookEvents.Message) && target.IsOf(core.StationOf(incident))) is not { } gateway)
        {
            return null;
        }

        var isSent = incident.Assignments.Any(assignment => assignment.IsActive && assignment.ResponderId == responder.Id);
        var body = JsonSerializer.Serialize(new
        {
            @event = WebhookEvents.Message, incident = incident.Id, responder = responder.Id, telephone = responder.Telephone,
            text = TextOf(incident, isSent), at = now.Utc,
        }, IncidentJson.Options);
        return core.Store.AddOutgoing(gateway.Name, WebhookEvents.Message, body, now.Utc, incident.Id, responder.Id) != 0;
    }

    /// <summary>To whoever is sent: what and where. To neighbours: that somebody calls, and neither who nor what.</summary>
    private string TextOf(Incident incident, bool isSent)
    {
        if (!isSent && core.StationOf(incident).FindWatchOf(incident.CallPointId) is { } group && incident.Watch is not null)
        {
            return $"{group.Name.Zh}：邻里守望呼叫，请速与派出所联系。/ {group.Name.For("en")}: a neighbour calls. Ring the station.";
        }

        var place = core.Stations.All.FindCallPoint(incident.CallPointId);
        var silent = incident.IsSilent ? "静默报警，勿回拨、勿鸣笛。Silent call: no call-back, no siren. " : "";
        return $"{silent}#{incident.Id} {incident.Kind}: {place?.Name.Zh ?? incident.CallPointId} / {place?.Name.For("en") ?? incident.CallPointId}";
    }

    private static string BodyOf(string name, Incident incident, HubTime now) => JsonSerializer.Serialize(new
    {
        @event = name, incident = incident.Id, version = incident.Version, kind = incident.Kind, priority = Urgency.PriorityOf(incident), stage = incident.Stage,
        escalatedTo = incident.EscalatedTo, callPointId = incident.CallPointId, villageId = incident.VillageId, stationId = incident.StationId, at = now.Utc,
    }, IncidentJson.Options);
}
