using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.Hub.Accounts;

/// <summary>Two ways in: a cookie for a person's browser, a bearer token for a program. Everything that does not say otherwise needs one of them.</summary>
public static class AccountAuthentication
{
    public const string Cookie = "cookie";
    public const string Bearer = "bearer";
    private const string Either = "either";

    /// <summary>One shift and a bit: renewed while it is used.</summary>
    private static readonly TimeSpan CookieLife = TimeSpan.FromHours(14);

    /// <summary>A volunteer's own phone: a call must not find it signed out. Renewed while it is used; ended at once by <see cref="AccountService.EndSessionsAsync"/>.</summary>
    private static readonly TimeSpan StayingLife = TimeSpan.FromDays(90);

    /// <summary>The session of a phone that stays signed in.</summary>
    public static AuthenticationProperties Staying(TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new AuthenticationProperties { IsPersistent = true, IssuedUtc = now, ExpiresUtc = now + StayingLife, AllowRefresh = true };
    }

    public static IServiceCollection AddAccountAuthentication(this IServiceCollection services)
    {
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, options => options.ForwardDefaultSelector = context => context.Request.Headers.Authorization.Count > 0 ? Bearer : Cookie)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(Bearer, null)
            .AddCookie(Cookie, ConfigureCookie);
        var authorization = services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        authorization.AddPolicy(Rights.Any, policy => policy.RequireAuthenticatedUser());
        foreach (var right in Rights.All)
        {
            authorization.AddPolicy(right, policy => policy.RequireAuthenticatedUser().RequireClaim(AccountIdentity.RightClaim, right));
        }

        return services;
    }

    private static void ConfigureCookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "gateway-session";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = CookieLife;
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "back";
        options.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = async context =>
            {
                var accounts = context.HttpContext.RequestServices.GetRequiredService<AccountService>();
                var sessions = context.HttpContext.RequestServices.GetRequiredService<SessionStore>();
                if (AccountIdentity.AccountOf(context.Principal) is { } claimed && accounts.FindValid(claimed.Id, claimed.Stamp) is { } account
                    && sessions.Find(claimed.Session) is { } session && session.AccountId == account.Id)
                {
                    // Duties may have changed since the cookie was made: the rights are those of now.
                    context.ReplacePrincipal(AccountIdentity.Of(account, RightsIn(context.HttpContext, account.Unit, accounts.RightsOf(account)), session.Id, Cookie));
                    return;
                }

                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(Cookie);
            },
            // A page sends a stranger to the sign-in; the API answers with a status and a problem (written by UseStatusCodePages).
            OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized),
            OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden),
        };
    }

    /// <summary>Of a unit that the hub no longer has, nothing is to be done and nothing to be seen.</summary>
    public static IReadOnlyList<string> RightsIn(HttpContext context, string unit, IReadOnlyList<string> rights) =>
        context.RequestServices.GetRequiredService<HubService>().Current.Stations.In(unit).IsEmpty ? [] : rights;

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        var wantsPage = HttpMethods.IsGet(context.Request.Method) && !IsForPrograms(context.Request.Path);
        if (status == StatusCodes.Status401Unauthorized && wantsPage)
        {
            // Without host: what a request says of its host is not repeated to anybody.
            context.Response.Redirect(new Uri(context.RedirectUri).PathAndQuery);
        }
        else
        {
            context.Response.StatusCode = status;
        }

        return Task.CompletedTask;
    }

    /// <summary>Paths whose callers read a status, not a page: the API, its document, and the live fragments of pages.</summary>
    public static bool IsForPrograms(PathString path) => path.StartsWithSegments("/api") || path.StartsWithSegments("/openapi") || path.StartsWithSegments("/fragments");

    private sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenService tokens)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        /// <summary>Ours have 46 characters; what is longer is not hashed.</summary>
        private const int TokenLengthMax = 128;

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header)
                || !"Bearer".Equals(header.Scheme, StringComparison.OrdinalIgnoreCase)
                || header.Parameter is not { Length: > 0 and <= TokenLengthMax } text)
            {
                return Task.FromResult(AuthenticateResult.Fail("The Authorization header is not a bearer token."));
            }

            return Task.FromResult(tokens.FindValid(text) is { } token
                ? AuthenticateResult.Success(new AuthenticationTicket(AccountIdentity.Of(token with { Scopes = RightsIn(Context, token.Unit, token.Scopes) }, Bearer), Bearer))
                : AuthenticateResult.Fail("The token is unknown, revoked or over."));
        }
    }
}
