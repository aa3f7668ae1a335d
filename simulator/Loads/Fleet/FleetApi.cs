using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Hub.Fleet;
using Gateway.Loads.Boards;

namespace Gateway.Loads.Fleet;

/// <summary>The fleet at the hub's API: it provisions its boards there, and takes the calls as an operator would.</summary>
internal sealed class FleetApi : IDisposable
{
    private const int ProvisioningAtOnce = 16;

    private readonly HttpClient _http;

    /// <param name="authorityPem">Whom to trust at an https address; null for whom this machine trusts.</param>
    public FleetApi(Uri api, string token, string? authorityPem)
    {
        var handler = new SocketsHttpHandler();
        if (authorityPem is not null)
        {
            handler.SslOptions.CertificateChainPolicy = LoadRoute.Trust(authorityPem);
        }

        _http = new HttpClient(handler) { BaseAddress = api };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Identities for so many boards; one that is known already gets a new key and password.</summary>
    /// <exception cref="HttpRequestException">The hub does not answer, or refuses.</exception>
    public async Task<(IReadOnlyList<ProvisioningFile> Files, string? CaPem)> ProvisionAsync(int boards, string prefix, string host, int port, CancellationToken cancellation)
    {
        var files = new ProvisioningFile[boards];
        string? ca = null;
        await Parallel.ForAsync(0, boards, new ParallelOptions { MaxDegreeOfParallelism = ProvisioningAtOnce, CancellationToken = cancellation }, async (number, stop) =>
        {
            var device = $"{prefix}-{number:d5}";
            var answer = await _http.PostAsJsonAsync("/api/gateways", new { device, host, port }, stop);
            if (answer.StatusCode == HttpStatusCode.Conflict)
            {
                answer.Dispose();
                answer = await _http.PostAsJsonAsync($"/api/gateways/{device}/rotate", new { host, port }, stop);
            }

            using (answer)
            {
                answer.EnsureSuccessStatusCode();
                var made = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
                files[number] = JsonSerializer.Deserialize<ProvisioningFile>(made.GetProperty("file").GetString()!)!;
                ca = made.GetProperty("caPem").GetString();
            }
        });
        return (files, ca);
    }

    /// <summary>Accepts new calls, newest first, at most so many a second, until it is told to stop.</summary>
    public async Task AcceptAsync(int perSecond, CancellationToken cancellation)
    {
        var taken = new HashSet<long>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                var open = await _http.GetFromJsonAsync<JsonElement>("/api/incidents?state=open&kind=help&limit=200", cancellation);
                var due = open.GetProperty("items").EnumerateArray().Where(incident => incident.GetProperty("acceptedAt").ValueKind == JsonValueKind.Null)
                    .Select(incident => incident.GetProperty("id").GetInt64()).Where(taken.Add).Take(perSecond).ToList();
                await Parallel.ForEachAsync(due, cancellation, async (id, stop) =>
                {
                    // Somebody else may have been faster: then the hub says no, and that is right.
                    using var answer = await _http.PostAsJsonAsync($"/api/incidents/{id}/commands", new { type = "accept" }, stop);
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    public void Dispose() => _http.Dispose();
}
