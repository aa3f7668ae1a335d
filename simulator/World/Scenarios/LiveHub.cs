using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Hub.Incidents;

namespace Gateway.World.Scenarios;

/// <summary>A running demo: where its console is, and a token that may drive its boards and ask for tokens of persons (its <c>demo.json</c>).</summary>
public sealed record LiveTarget(Uri Console, string Token);

/// <summary>
/// A running demo's API. Each person of a story acts by a token of their own, with the rights of their duty and of their station, which the demo gives for as long as the
/// story runs; what is asked without naming anybody is asked by the demo's own.
/// </summary>
internal sealed class LiveHub : IDisposable
{
    private const string PersonsPath = "/api/demo/persons";

    private readonly HttpClient _client;
    private readonly string _token;
    private readonly Dictionary<string, (string Actor, string Token)> _persons = new(StringComparer.Ordinal);
    private HttpResponseMessage? _ear;

    public LiveHub(LiveTarget target)
    {
        _token = target.Token;
        _client = new HttpClient { BaseAddress = target.Console, Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>As the hub names this person in its audit.</summary>
    public string ActorOf(string who) => PersonOf(who).Actor;

    /// <exception cref="SceneException">The hub has no such thing, or not for this person.</exception>
    public JsonElement Get(string path, string who = "")
    {
        using var answer = Send(HttpMethod.Get, path, null, who);
        return answer.IsSuccessStatusCode ? Read(answer) : throw new SceneException($"{path}: the hub answers {(int)answer.StatusCode}");
    }

    /// <summary>Null when it was done.</summary>
    /// <exception cref="SceneException">It was not done, and not refused by a name either.</exception>
    public Refusal? Post(string path, object body, string who = "")
    {
        using var answer = Send(HttpMethod.Post, path, body, who);
        return answer.IsSuccessStatusCode ? null : RefusalIn(path, answer);
    }

    /// <summary>A console whose sound is unlocked comes, or goes. Without any the hub escalates at once what nobody has taken.</summary>
    public void Hear(bool isHeard)
    {
        if (isHeard == _ear is not null)
        {
            return;
        }

        _ear?.Dispose();
        _ear = null;
        if (isHeard)
        {
            _ear = Send(HttpMethod.Get, "/api/events?sound=on", null, "the operator");
            _ear.EnsureSuccessStatusCode();
            _ = DrainAsync(_ear);
        }
    }

    public void Dispose()
    {
        Hear(false);
        if (_persons.Count > 0)
        {
            try
            {
                using var answer = Send(HttpMethod.Delete, PersonsPath, null, "");
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // The demo is gone, and its tokens are revoked at its next start.
            }
        }

        _client.Dispose();
    }

    private static async Task DrainAsync(HttpResponseMessage stream)
    {
        try
        {
            await stream.Content.CopyToAsync(Stream.Null);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // The console is closed, or the demo: who waits for something of it will see that.
        }
    }

    private static JsonElement Read(HttpResponseMessage answer) => JsonDocument.Parse(answer.Content.ReadAsStream()).RootElement;

    private static Refusal RefusalIn(string path, HttpResponseMessage answer)
    {
        if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json" && Read(answer) is var problem && problem.TryGetProperty("refusal", out var name))
        {
            return new Refusal(name.GetString()!, problem.TryGetProperty("detail", out var detail) ? detail.GetString() ?? "" : "");
        }

        throw new SceneException($"{path}: the hub answers {(int)answer.StatusCode}");
    }

    private HttpResponseMessage Send(HttpMethod method, string path, object? body, string who)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", who.Length == 0 ? _token : PersonOf(who).Token);
        return _client.Send(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private (string Actor, string Token) PersonOf(string who)
    {
        if (!_persons.TryGetValue(who, out var person))
        {
            using var answer = Send(HttpMethod.Post, PersonsPath, new { name = Persons.AccountOf(who), role = Persons.RoleOf(who), unit = Persons.UnitOf(who) }, "");
            if (!answer.IsSuccessStatusCode)
            {
                throw new SceneException($"{who} gets no token: {RefusalIn(PersonsPath, answer).Text}");
            }

            var given = Read(answer);
            person = (given.GetProperty("actor").GetString()!, given.GetProperty("token").GetString()!);
            _persons.Add(who, person);
        }

        return person;
    }
}
