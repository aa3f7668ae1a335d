using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Gateway.Hub.Accounts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Hub.Console.Room;

/// <summary>
/// The panels of the command room for consoles that are open already: drawn once per state of the hub, language and rights, and given to every console that asks for the same.
/// A change thus costs one drawing, whether two desks look or twenty.
/// </summary>
public sealed class RoomFeed(HubService hub, TimeProvider time)
{
    public const string Path = "/room/live";

    /// <summary>A drawing is shared for so long: what a button offers may end by time alone (undo, an overdue clock).</summary>
    public static readonly TimeSpan SharedFor = TimeSpan.FromSeconds(1);

    /// <summary>Drawings of one state: languages, rights and selected calls. What does not fit is drawn for its asker alone.</summary>
    public const int DrawingsMax = 64;

    private volatile Generation current = new(-1, default);

    public async Task<IResult> AnswerAsync(HttpContext context, long? incident)
    {
        var now = time.GetUtcNow();
        var page = context.RequestServices.GetRequiredService<PageContext>();
        var view = context.RequestServices.GetRequiredService<HubView>();
        var html = await DrawnAsync(hub.Current.Version, now, KeyOf(page, view, incident), () => DrawAsync(context.RequestServices, incident));
        context.Response.Headers.CacheControl = "no-store";
        var head = string.Create(CultureInfo.InvariantCulture, $"<!DOCTYPE html><html lang=\"{page.W.Tag}\"><body data-now=\"{now.ToUnixTimeMilliseconds()}\">");
        return Results.Content(head + html + "</body></html>", "text/html; charset=utf-8");
    }

    /// <summary>The drawing of this key in this state; made when there is none yet. Whoever asks meanwhile waits for the same one.</summary>
    internal Task<string> DrawnAsync(long version, DateTimeOffset now, string key, Func<Task<string>> draw)
    {
        var generation = current;
        if (generation.Version != version || now - generation.Since >= SharedFor || now < generation.Since)
        {
            // Two that come at once may both begin anew: the later stays, and one drawing more is made.
            current = generation = new Generation(version, now);
        }

        return generation.Drawings.Count >= DrawingsMax && !generation.Drawings.ContainsKey(key)
            ? draw()
            : generation.Drawings.GetOrAdd(key, _ => new Lazy<Task<string>>(draw)).Value;
    }

    /// <summary>Everything of the asker that the panels depend on.</summary>
    private static string KeyOf(PageContext page, HubView view, long? incident) =>
        string.Create(CultureInfo.InvariantCulture, $"{page.W.Tag} {view.Key} {view.Stations.Length} {incident} {string.Join(',', page.User.FindAll(AccountIdentity.RightClaim).Select(claim => claim.Value).Order(StringComparer.Ordinal))}");

    private static async Task<string> DrawAsync(IServiceProvider services, long? incident)
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<RoomPanels>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(RoomPanels.IncidentId)] = incident }));
            return root.ToHtmlString();
        });
    }

    private sealed class Generation(long version, DateTimeOffset since)
    {
        public long Version { get; } = version;

        public DateTimeOffset Since { get; } = since;

        public ConcurrentDictionary<string, Lazy<Task<string>>> Drawings { get; } = new(StringComparer.Ordinal);
    }
}
