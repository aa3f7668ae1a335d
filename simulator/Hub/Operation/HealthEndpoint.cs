using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Hub.Operation;

/// <summary><c>GET /health</c>, for whatever watches the hub: 200 while it can store, 503 while it cannot; with either what a person must see to, by name.</summary>
internal static class HealthEndpoint
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/health", (HubService hub, HubConditions conditions) =>
        {
            var warnings = conditions.All.Select(condition => new { name = condition.Name, since = condition.Since });
            return hub.IsHealthy
                ? Results.Json(new { status = "ok", warnings })
                : Results.Json(new { status = "nothing can be stored, and so nothing is acknowledged", warnings }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }).AllowAnonymous().ExcludeFromDescription();
}
