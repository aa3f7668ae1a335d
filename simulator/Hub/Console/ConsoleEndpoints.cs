using Gateway.Hub.Accounts;
using Gateway.Hub.Console.Field;
using Gateway.Hub.Console.Pages;
using Gateway.Hub.Console.Room;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Console;

/// <summary>The pages, one line each, and the pipeline they stand in.</summary>
public static class ConsoleEndpoints
{
    /// <summary>A browser that is shown nothing but a status shows a page of its own, in its own words. Comes before the pipeline that refuses.</summary>
    public static void UseConsoleRefusals(this WebApplication app) => app.UseWhen(
        context => HttpMethods.IsGet(context.Request.Method) && !AccountAuthentication.IsForPrograms(context.Request.Path)
            && context.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == "text/html"),
        pages => pages.UseStatusCodePages(refused => refused.HttpContext.Response.StatusCode is StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound
            ? new RazorComponentResult<NoPage>(new { Status = refused.HttpContext.Response.StatusCode }) { StatusCode = refused.HttpContext.Response.StatusCode }.ExecuteAsync(refused.HttpContext)
            : Task.CompletedTask));

    public static void MapConsole(this WebApplication app)
    {
        app.MapAssets(typeof(ConsoleEndpoints).Assembly, "/assets");

        // Read now: what is wrong with a language file is in the log of the start, and not in that of the first page.
        app.Services.GetRequiredService<Languages>();

        app.MapGet("/", (HttpContext context) => Results.LocalRedirect(context.User.HasRight(Rights.Read) ? "/room" : context.User.HasRight(Rights.Respond) ? "/field" : "/welcome")).RequireAuthorization(Rights.Any).ExcludeFromDescription();
        app.MapPage<SignInPage>("/sign-in").AllowAnonymous();
        app.MapPage<SetupPage>("/setup").AllowAnonymous();
        app.MapPage<WelcomePage>("/welcome").RequireAuthorization(Rights.Any);
        app.MapPage<RoomPage>("/room").RequireAuthorization(Rights.Read);
        app.MapGet(RoomFeed.Path, (HttpContext context, RoomFeed feed, long? incident) => feed.AnswerAsync(context, incident)).RequireAuthorization(Rights.Read).ExcludeFromDescription();
        app.MapPage<DutyPage>("/duty").RequireAuthorization(Rights.Read);
        app.MapPage<IncidentsPage>("/incidents").RequireAuthorization(Rights.Read);
        app.MapGet("/incidents/{id:long}", (long id) => new RazorComponentResult<IncidentPage>(new { Id = id })).RequireAuthorization(Rights.Read).ExcludeFromDescription();
        app.MapPage<PatrolPage>("/patrol").RequireAuthorization(Rights.Read);
        app.MapPage<VisitsPage>("/visits").RequireAuthorization(Rights.Read);
        app.MapPage<WarningsPage>("/warnings").RequireAuthorization(Rights.Warnings);
        app.MapPage<ReviewsPage>("/reviews").RequireAuthorization(Rights.Read);
        app.MapPage<HandoverPage>("/handover").RequireAuthorization(Rights.Read);
        app.MapPage<DailyPage>("/daily").RequireAuthorization(Rights.Read);
        app.MapPage<StatisticsPage>("/statistics").RequireAuthorization(Rights.Read);
        app.MapGet("/work/{id:long}", (long id) => new RazorComponentResult<WorkPage>(new { Id = id })).RequireAuthorization(Rights.Read).ExcludeFromDescription();
        app.MapPage<GatewaysPage>("/gateways").RequireAuthorization(Rights.Read);
        app.MapGet("/gateways/{device}", (string device) => new RazorComponentResult<GatewayPage>(new { Device = device })).RequireAuthorization(Rights.Read).ExcludeFromDescription();
        app.MapPage<TestsPage>("/tests").RequireAuthorization(Rights.Read);
        app.MapPage<AccountsPage>("/accounts").RequireAuthorization(Rights.Administer);
        app.MapGet("/accounts/{id:long}", (long id) => new RazorComponentResult<OneAccountPage>(new { Id = id })).RequireAuthorization(Rights.Administer).ExcludeFromDescription();
        app.MapPage<FieldPage>("/field").RequireAuthorization(Rights.Respond);
        if (Phrases.HasFont)
        {
            app.MapGet("/assets/mongolian.ttf", Phrases.Font).AllowAnonymous().ExcludeFromDescription();
        }

        app.MapPage<PhonesPage>("/phones").RequireAuthorization(Rights.Administer);
        app.MapPage<AccountPage>("/account").RequireAuthorization(Rights.Any);
        app.MapPage<AuditPage>("/audit").RequireAuthorization(Rights.Audit);
        app.MapGet("/languages/{tag}.json", (string tag, Languages languages) => languages.FileOf(tag) is { } file ? Results.File(file, "application/json", tag + ".json") : Results.NotFound()).RequireAuthorization(Rights.Any).ExcludeFromDescription();
        app.MapPage<SettingsPage>("/settings").RequireAuthorization(Rights.Any);
        app.MapPage<HelpPage>("/help").RequireAuthorization(Rights.Any);
    }

    /// <summary>Serves a Razor component (with its <c>@layout</c>) at a path. Its parameters come from the query (<c>[SupplyParameterFromQuery]</c>). The caller adds <c>RequireAuthorization(right)</c>; without it any signed-in account may see it.</summary>
    public static RouteHandlerBuilder MapPage<TPage>(this IEndpointRouteBuilder endpoints, string pattern) where TPage : IComponent =>
        endpoints.MapGet(pattern, () => new RazorComponentResult<TPage>()).ExcludeFromDescription();
}
