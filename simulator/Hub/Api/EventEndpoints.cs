using System.ComponentModel;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Gateway.Hub.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Gateway.Hub.Api;

/// <summary>The one event stream: what changed, told after its commit. It carries names and versions, not contents: a listener reads what it needs.</summary>
public static class EventEndpoints
{
    /// <summary>Listeners at once; more are refused by name. A station has a dozen screens.</summary>
    public const int ListenersMax = 200;

    /// <summary>A listener that hears nothing for two of these and some has lost the hub.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(3);

    private const string Description =
        """
        Server-sent events (`text/event-stream`). Event names and their JSON data:
        `incident`, `gateway`, `signal`, `work`, `hub`: `{"id":"12","version":4,"at":1795309378401}`: this thing changed and is committed; read it by its own address.
        `beat`: `{"id":"","version":871,"at":...}` every 3 s: the hub is there; `at` is its clock in unix ms, `version` that of its snapshot.
        `resync`: too much changed at once (over 512 things since you last read): read everything you show anew.
        With `?sound=on` a console says that it can be heard. While none says so for 10 s, the hub escalates at once what nobody has taken.
        After a reconnect read everything anew: the stream has no history. At most 200 listeners.
        """;

    public static void MapEvents(this RouteGroupBuilder api) =>
        api.MapGet("/events", Listen).RequireAuthorization(Rights.Read).WithTags("events")
            .WithName("listen").WithSummary("Listen to changes").WithDescription(Description)
            .Produces<HubEvent>(StatusCodes.Status200OK, "text/event-stream").WithAnswerExample("event: incident\ndata: {\"id\":\"12\",\"version\":4,\"at\":1795309378401}\n\n")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static IResult Listen(HubView hub, TimeProvider time, IHostApplicationLifetime life, Listeners listeners, HttpContext context,
        [Description("`on` from a console whose sound is unlocked.")] string? sound, CancellationToken cancellation)
    {
        var count = listeners.Enter();

        // Who only looks (the levels above) cannot take a call: their loudspeaker is nobody's ear.
        var heard = sound == "on" && context.User.HasRight(Rights.Operate) ? hub.HearConsole() : null;
        context.Response.OnCompleted(() =>
        {
            heard?.Dispose();
            listeners.Leave();
            return Task.CompletedTask;
        });
        if (count > ListenersMax)
        {
            return Problems.Refused("too-many-listeners", $"At most {ListenersMax} listen at once.", StatusCodes.Status503ServiceUnavailable);
        }

        return TypedResults.ServerSentEvents(Stream(hub, time, life.ApplicationStopping, cancellation));
    }

    private static async IAsyncEnumerable<SseItem<HubEvent>> Stream(
        HubView hub, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        var feed = new EventFeed();
        using var subscription = hub.Subscribe(feed.Add);
        HubEvent Event(string id, long version) => new(id, version, time.GetUtcNow().ToUnixTimeMilliseconds());
        yield return new SseItem<HubEvent>(Event("", hub.Current.Version), "beat");
        while (!either.IsCancellationRequested)
        {
            if (!await HasNews(feed, either.Token))
            {
                yield return new SseItem<HubEvent>(Event("", hub.Current.Version), "beat");
                continue;
            }

            var changes = feed.Take(out var resync);
            foreach (var change in changes)
            {
                yield return new SseItem<HubEvent>(Event(change.Id, change.Version), change.Kind.ToString().ToLowerInvariant());
            }

            if (resync)
            {
                yield return new SseItem<HubEvent>(Event("", hub.Current.Version), "resync");
            }
        }
    }

    private static async Task<bool> HasNews(EventFeed feed, CancellationToken cancellation)
    {
        try
        {
            return await feed.WaitAsync(Beat, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The listener left or the hub stops: the loop above ends.
            return false;
        }
    }
}

/// <summary>How many listen now.</summary>
public sealed class Listeners
{
    private int count;

    public int Enter() => Interlocked.Increment(ref count);

    public void Leave() => Interlocked.Decrement(ref count);
}

/// <summary>One event of the stream.</summary>
public sealed record HubEvent(string Id, long Version, long At);
