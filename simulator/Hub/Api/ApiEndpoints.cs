using Gateway.Hub.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Api;

/// <summary>The REST API: the console acts through it, and so can a stranger.</summary>
public static class ApiEndpoints
{
    /// <summary>No request of the API needs more; a report of 4,000 Chinese characters has 12 KiB.</summary>
    private const int BodyBytesMax = 32 * 1024;

    public static void MapApi(this WebApplication app)
    {
        UsePipeline(app);
        app.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization(Rights.Any);
        var api = app.MapGroup("/api").WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        api.AddEndpointFilter(RefuseUnknownStation);
        api.MapSession();
        api.MapOwnAccount();
        api.MapAccounts();
        api.MapIncidents();
        api.MapDuty();
        api.MapWork();
        api.MapStatistics();
        api.MapGateways();
        api.MapFleet();
        api.MapAudit();
        api.MapStation();
        api.MapEvents();
        api.MapField();
        api.MapFieldPatrol();
    }

    /// <summary>A misspelt <c>?station=</c> must not be answered with all stations.</summary>
    private static ValueTask<object?> RefuseUnknownStation(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext;
        return (string?)request.Request.Query[HubView.StationCookie] is { } wanted && request.User.Identity?.IsAuthenticated == true
            && request.RequestServices.GetRequiredService<HubView>() is var hub && hub.Stations.All(station => station.Id != wanted)
            ? ValueTask.FromResult<object?>(Problems.Unknown("station"))
            : next(context);
    }

    /// <summary>What every request of the hub passes, pages included, from the outside in.</summary>
    private static void UsePipeline(WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = Problems.WriteException,
            AllowStatusCode404Response = true,
            // A malformed request is answered, and is no fault of the hub's: the log keeps what is.
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException or NotSupportedException,
        });
        app.UseWhen(context => AccountAuthentication.IsForPrograms(context.Request.Path), api => api.UseStatusCodePages(pages => Problems.WriteStatus(pages.HttpContext)));
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<ForgeryGuard>();
        app.UseRateLimiter();
        app.UseAuthorization();
    }
}
