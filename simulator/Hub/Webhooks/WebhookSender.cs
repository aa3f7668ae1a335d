using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Gateway.Hub.Webhooks;

/// <summary>
/// Empties the outbox: signed posts, oldest first, one target never waiting for another. A delivery is tried a bounded number of times and is then given
/// up, which is shown where it matters. A hub that dies between a post and its record posts again: receivers tell doubles by the delivery's number.
/// </summary>
public sealed class WebhookSender(HubService hub, TimeProvider time, ILogger<WebhookSender> log, HttpMessageHandler? handler = null) : BackgroundService
{
    /// <summary>Waiting for the answer to one post.</summary>
    public static readonly TimeSpan PostTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Repetitions after the first post. A message is soon of no more use; the telephone is next.</summary>
    public const int MessageRetriesMax = 3;

    public const int EventRetriesMax = 6;

    private const int BatchMax = 32;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client = new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(hub.Webhooks.Select(target => Empty(target, stoppingToken)));

    /// <summary>One target's outbox, until the hub stops.</summary>
    private async Task Empty(WebhookTarget target, CancellationToken stopping)
    {
        var message = PipelineFor(MessageRetriesMax);
        var other = PipelineFor(EventRetriesMax);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var waiting in hub.OutgoingFor(target.Name, BatchMax))
                {
                    var reason = await Deliver(waiting.Event == WebhookEvents.Message ? message : other, target, waiting, stopping);
                    await hub.EndOutgoingAsync(waiting.Id, reason.Length == 0, reason, stopping);
                }

                await Task.Delay(Pause, time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The store is closed or full: the delivery still waits, and comes again.
                log.LogError(e, "The outbox of webhook {Target} could not be emptied", target.Name);
                await Task.Delay(DelayMax, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Empty when it was taken; else why not.</summary>
    private async Task<string> Deliver(ResiliencePipeline<HttpResponseMessage> pipeline, WebhookTarget target, Outgoing waiting, CancellationToken stopping)
    {
        try
        {
            using var answer = await pipeline.ExecuteAsync(async token => await _client.SendAsync(RequestOf(target, waiting), token), stopping);
            return answer.IsSuccessStatusCode ? "" : $"status-{(int)answer.StatusCode}";
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException)
        {
            return e is TimeoutRejectedException ? "timeout" : "unreachable";
        }
    }

    private HttpRequestMessage RequestOf(WebhookTarget target, Outgoing waiting)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new StringContent(waiting.Body, Encoding.UTF8, "application/json") };
        request.Headers.Add(WebhookSignature.Header, WebhookSignature.Of(target.Secret.Span, waiting.Body, time.GetUtcNow()));
        request.Headers.Add(WebhookSignature.DeliveryHeader, $"{hub.Current.HubId}-{waiting.Id}");
        return request;
    }

    /// <summary>Again after 1, 2, 4 ... s with jitter; not after what the receiver will never take (4xx but 408 and 429).</summary>
    private ResiliencePipeline<HttpResponseMessage> PipelineFor(int retriesMax) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = retriesMax,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = DelayMax,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>().Handle<TimeoutRejectedException>()
                    .HandleResult(answer => (int)answer.StatusCode is 408 or 429 or >= 500),
            })
            .AddTimeout(PostTimeout)
            .Build();
}
