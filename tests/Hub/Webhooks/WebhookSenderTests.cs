using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Hub.Ingest;
using Gateway.Hub.Storage;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Hub.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hub.Tests.Webhooks;

/// <summary>Deliveries by time in the test's hand, to a receiver that answers as it is told.</summary>
public sealed class WebhookSenderTests : IAsyncLifetime
{
    private const string Secret = "a secret of many bytes";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly TestTime _hubTime = new();

    /// <summary>The sender's own: its timers are the only ones.</summary>
    private readonly TestTime _time = new();
    private readonly Receiver _receiver = new();
    private HubService _hub = null!;
    private WebhookSender _sender = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, WebhookFile.FileName), $$"""[{ "name": "banner", "url": "https://banner.example/calls", "secret": "{{Secret}}", "events": ["{{WebhookEvents.Opened}}"] }]""",
            TestContext.Current.CancellationToken);
        _hub = HubService.Open(new HubOptions { DataFolder = _folder.Path, StationFile = "", TimeProvider = _hubTime }, Seeds.Sumitu, NullLogger.Instance);
        _receiver.Now = _time.GetUtcNow;
        _sender = new WebhookSender(_hub, _time, NullLogger<WebhookSender>.Instance, _receiver);
    }

    public async ValueTask DisposeAsync()
    {
        await _sender.StopAsync(CancellationToken.None);
        _sender.Dispose();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_receiver_can_prove_who_sent_it_and_it_holds_no_words_of_people()
    {
        await PressAsync();
        await UntilOverAsync();

        var post = Assert.Single(_receiver.Posts);
        var parts = post.Signature.Split(',');
        var seconds = parts[0]["t=".Length..];
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{seconds}.{post.Body}"));
        Assert.Equal("v1=" + Convert.ToHexStringLower(expected), parts[1]);
        Assert.InRange(Math.Abs(post.At.ToUnixTimeSeconds() - long.Parse(seconds, CultureInfo.InvariantCulture)), 0, 300);
        Assert.Contains("\"incident\":1", post.Body);
        Assert.DoesNotContain(Seeds.Sumitu.FindCallPoint(Seeds.Sumitu.FindBoard("sumitu-01")!.CallPointId)!.CallBackNumber, post.Body);
        Assert.Equal((1L, "", ""), Over());
    }

    [Fact]
    public async Task A_receiver_that_is_busy_is_tried_again_after_longer_and_longer_pauses_under_the_same_number()
    {
        _receiver.Answers = [HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests, HttpStatusCode.OK];
        await PressAsync();
        await UntilOverAsync();

        Assert.Equal(3, _receiver.Posts.Count);
        Assert.Single(_receiver.Posts.Select(post => post.Delivery).Distinct());
        Assert.Single(_receiver.Posts.Select(post => post.Body).Distinct());
        Assert.True(_receiver.Posts[1].At > _receiver.Posts[0].At && _receiver.Posts[2].At > _receiver.Posts[1].At, "no pause between the tries");
        Assert.Equal(1L, Over().State);
    }

    [Fact]
    public async Task What_the_receiver_will_never_take_is_tried_once()
    {
        _receiver.Answers = [HttpStatusCode.BadRequest];
        await PressAsync();
        await UntilOverAsync();

        Assert.Single(_receiver.Posts);
        Assert.Equal((2L, "status-400", ""), Over());
    }

    [Fact]
    public async Task A_receiver_that_never_answers_costs_five_seconds_a_try_and_is_then_given_up()
    {
        _receiver.Hangs = true;
        var began = _time.GetUtcNow();
        await PressAsync();
        await UntilOverAsync();

        Assert.Equal(1 + WebhookSender.EventRetriesMax, _receiver.Posts.Count);
        Assert.True(_time.GetUtcNow() - began >= WebhookSender.PostTimeout * (1 + WebhookSender.EventRetriesMax), "it did not wait for its answers");
        Assert.Equal((2L, "timeout", ""), Over());
    }

    private async Task PressAsync()
    {
        var board = new TestBoard(await _hub.ProvisionAsync("sumitu-01", "test", TestContext.Current.CancellationToken));
        Take(board, "status", board.Birth());
        Take(board, "signal", board.Signal(1));
        await _sender.StartAsync(TestContext.Current.CancellationToken);
    }

    private void Take(TestBoard board, string leaf, byte[] payload) => Assert.True(_hub.TryTake(_hub.Gate.Judge(board.Topic(leaf), payload).Message!, null!));

    /// <summary>Lets time pass from timer to timer until the delivery is over. A post that is about to be answered costs no time, however slow this machine is.</summary>
    private async Task UntilOverAsync()
    {
        var patience = Stopwatch.StartNew();
        while (Over().State == 0)
        {
            Assert.True(patience.Elapsed < Patience, $"still waiting after {_receiver.Posts.Count} posts");
            if (_time.NextDue is { } due && (due != WebhookSender.PostTimeout || _receiver.IsHanging))
            {
                _time.Advance(due);
            }
            else
            {
                await Task.Delay(2, TestContext.Current.CancellationToken);
            }
        }
    }

    private (long State, string Reason, string Body) Over()
    {
        using var connection = _hub.Database.Connect();
        return connection.Rows("SELECT state, coalesce(reason, ''), CASE state WHEN 0 THEN '' ELSE body END FROM outgoing WHERE incident_id = 1", r => (r.GetInt64(0), r.GetString(1), r.GetString(2))).SingleOrDefault();
    }

    private sealed record Post(DateTimeOffset At, string Signature, string Delivery, string Body);

    private sealed class Receiver : HttpMessageHandler
    {
        private readonly ConcurrentQueue<Post> _posts = new();
        private volatile int _hanging;

        public Func<DateTimeOffset> Now { get; set; } = null!;

        public IReadOnlyList<HttpStatusCode> Answers { get; set; } = [HttpStatusCode.OK];

        public bool Hangs { get; set; }

        /// <summary>A post is here and waits for an answer that will not come.</summary>
        public bool IsHanging => _hanging > 0;

        /// <summary>The posts about the press; a link that is lost meanwhile is told, too.</summary>
        public IReadOnlyList<Post> Posts => [.. _posts.Where(post => post.Body.Contains("\"incident\":1,", StringComparison.Ordinal))];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            _posts.Enqueue(new Post(Now(), request.Headers.GetValues(WebhookSignature.Header).Single(), request.Headers.GetValues(WebhookSignature.DeliveryHeader).Single(), body));
            if (Hangs)
            {
                _hanging++;
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
                finally
                {
                    _hanging--;
                }
            }

            return new HttpResponseMessage(Answers[Math.Clamp(Posts.Count, 1, Answers.Count) - 1]);
        }
    }
}
