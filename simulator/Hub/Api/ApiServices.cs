using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hub.Api;

/// <summary>What the API needs from the container.</summary>
public static class ApiServices
{
    public const string SignInLimit = "sign-in";

    /// <summary>Tries to sign in per address and minute; a person needs one or two, a password guesser thousands.</summary>
    private const int SignInTriesPerMinute = 20;

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddSingleton<Listeners>();
        services.AddScoped(provider => HubView.Of(provider.GetRequiredService<HubService>(), provider.GetRequiredService<IHttpContextAccessor>().HttpContext));
        services.AddScoped<StatisticsView>();
        services.AddProblemDetails();
        services.AddOpenApiDocuments();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            // A misspelt member is told, not dropped; so is a missing one.
            json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.RespectRequiredConstructorParameters = true;
            json.RespectNullableAnnotations = true;
            // "+86", not "\u002B86". Nothing of it goes into a page: it leaves as application/json with nosniff (SecurityHeaders), or as an event.
            json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy(SignInLimit, context => RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = SignInTriesPerMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));
        });
        return services;
    }
}
