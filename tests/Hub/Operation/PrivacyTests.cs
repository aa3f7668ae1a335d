using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using Gateway.Hub.Accounts;
using Gateway.Hub.Incidents;
using Gateway.Hub.Ingest;
using Gateway.Hub.Tests.Api;
using Gateway.Hub.Tests.Stations;
using Gateway.Hub.Tests.Support;
using Gateway.Mqtt.Endpoint;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Hub.Tests.Operation;

/// <summary>Names, telephone numbers and what people write stay in the database: not in the log at its finest level, not in a topic, not on a metric.</summary>
public sealed class PrivacyTests
{
    private const string Words = "Sarangerel wept at the well";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_calls_whole_story_leaves_nothing_personal_in_logs_topics_and_metrics()
    {
        using var folder = new TempFolder();
        var log = new LogBook();
        var measured = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name is IngestCounters.MeterName or EndpointMetrics.MeterName)
                {
                    measured.Enqueue(instrument.Name);
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();

        await using var app = HubHost.Build(
            new HubOptions { DataFolder = folder.Path, StationFile = "", AllowVirtualBoards = true }, Seeds.Sumitu,
            services => services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace).AddFilter<LogBook>(null, LogLevel.Trace)));
        var addresses = await HubHost.StartAsync(app, Cancellation);
        var hub = app.Services.GetRequiredService<HubService>();
        var accounts = app.Services.GetRequiredService<AccountService>();
        Assert.True((await accounts.SetUpAsync(accounts.CreateSetupKey(), "Batbayar 1", ConsoleHost.Password)).Done);
        using (var board = await SocketBoard.ConnectAsync(addresses.MqttPort, await hub.ProvisionAsync("sumitu-01", "test", Cancellation)))
        using (var browser = new HttpClient { BaseAddress = addresses.Console })
        {
            await board.PublishAckedAsync("status", board.Board.Birth(isVirtual: true));
            await board.PublishAckedAsync("signal", board.Board.Signal(1));
            await board.PublishAckedAsync("signal", [.. board.Board.Signal(2).SkipLast(3), .. "xx}"u8.ToArray()]);
            browser.DefaultRequestHeaders.Add(ForgeryGuard.Header, "1");
            (await browser.PostAsJsonAsync("/api/session", new { name = "Batbayar 1", password = "wrong " + ConsoleHost.Password }, Cancellation)).Dispose();
            (await browser.PostAsJsonAsync("/api/session", new { name = "Batbayar 1", password = ConsoleHost.Password }, Cancellation)).EnsureSuccessStatusCode();
            foreach (var command in new object[]
            {
                new { type = "accept" }, new { type = "note", text = Words }, new { type = "dispatch", responderIds = new[] { "officer-1" } }, new { type = "handle", text = Words }, new { type = "nonsense", text = Words },
            })
            {
                (await browser.PostAsJsonAsync("/api/incidents/1/commands", command, Cancellation)).Dispose();
            }

            Assert.Contains(Words, await browser.GetStringAsync("/room?incident=1", Cancellation));
            Assert.Contains(Words, hub.FindIncident(1)!.Timeline.Select(entry => entry.Event).OfType<IncidentEvent.Noted>().Single().Text);
        }

        listener.RecordObservableInstruments();
        await app.StopAsync(Cancellation);

        var personal = Seeds.Sumitu.CallPoints.Select(point => point.CallBackNumber)
            .Concat(Seeds.Sumitu.Responders.SelectMany(responder => new[] { responder.Name.Zh, responder.Name.En, responder.Telephone }))
            .Concat([Words, "Batbayar 1", ConsoleHost.Password]).Where(text => text.Length > 0).Distinct().ToList();
        Assert.True(log.Lines.Count > 20, $"{log.Lines.Count} log lines: was anything logged?");
        Assert.True(measured.Distinct().Count() > 10, "was anything measured?");
        foreach (var text in personal)
        {
            Assert.DoesNotContain(log.Lines, line => line.Contains(text, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(measured, line => line.Contains(text, StringComparison.OrdinalIgnoreCase));
        }

        // A tag is a name out of a short list; a device or a person on it would hold memory for each.
        Assert.All(measured.Where(line => line.Contains('=', StringComparison.Ordinal)), line => Assert.Matches("^[a-z.]+ (name|direction|reason|kind|cause)=[A-Za-z0-9 -]+$", line));

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                measured.Enqueue($"{instrument.Name} {tag.Key}={tag.Value}");
            }
        }
    }

    [Fact]
    public void Every_topic_is_a_device_and_a_word_of_the_protocol()
    {
        using var hub = new CoreHarness();
        var topics = new List<string>();
        void Do(Action<HubCore> inputs) => hub.Batch(core =>
        {
            inputs(core);
            core.EndBatch(new HubTime(hub.Now, hub.MonotonicMs));
            topics.AddRange(core.Effects.Messages.Select(message => message.Topic));
        });
        hub.Receive("status", hub.Board.Birth());
        hub.Receive("signal", hub.Board.Signal(1));
        Do(core => core.Execute(1, new IncidentCommand.Dispatch(["officer-1"], 9), "Batbayar 1", null, new HubTime(hub.Now, hub.MonotonicMs)));
        Do(core => core.Execute(1, new IncidentCommand.Handle(Words), "Batbayar 1", null, new HubTime(hub.Now, hub.MonotonicMs)));

        Assert.NotEmpty(topics);
        Assert.All(topics, topic => Assert.Matches("^(hub/status|gw/[a-z0-9-]{3,32}/(receipt|notice|command|config))$", topic));
    }

    private sealed class LogBook : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
