using Microsoft.AspNetCore.Http;

namespace Gateway.Hub.Accounts;

/// <summary>
/// Stops another site from acting through a signed-in browser. A request that changes something must carry a header that a plain form cannot send
/// and that a foreign script may send only after a CORS preflight, which this hub never grants; and where the browser names the origin, it must be ours.
/// A bearer token proves by itself that the caller meant it. Sign-in and set-up are guarded too, so nobody can be signed in as someone else.
/// </summary>
public sealed class ForgeryGuard(RequestDelegate next)
{
    public const string Header = "X-Gateway-Console";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        if (isSafe || request.Headers.Authorization.Count > 0 || IsOurs(request))
        {
            return next(context);
        }

        return Results.Problem(
            statusCode: StatusCodes.Status403Forbidden,
            title: "forged-request",
            detail: $"A change made with a cookie needs the header '{Header}: 1' and must come from this console's own pages. Programs use a bearer token.",
            extensions: new Dictionary<string, object?> { ["refusal"] = "forged-request" }).ExecuteAsync(context);
    }

    private static bool IsOurs(HttpRequest request)
    {
        if (request.Headers[Header] != "1" || request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "same-origin")
        {
            return false;
        }

        var origin = request.Headers.Origin;
        return origin.Count == 0 || string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
    }
}
