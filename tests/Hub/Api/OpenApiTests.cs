using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Hub.Accounts;

namespace Gateway.Hub.Tests.Api;

/// <summary>The document is enough to drive the hub.</summary>
public sealed class OpenApiTests(ConsoleHost host) : IClassFixture<ConsoleHost>
{
    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_says_who_may()
    {
        var document = await Document();
        var operations = 0;
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var where = $"{operation.Name} {path.Name}";
                operations++;
                Assert.StartsWith("/api/", path.Name);
                Assert.True(operation.Value.TryGetProperty("operationId", out _), where + " has no operationId");
                Assert.True(operation.Value.TryGetProperty("summary", out _), where + " has no summary");
                var isOpen = path.Name is "/api/health" or "/api/setup" || where == "post /api/session";
                Assert.True(isOpen != operation.Value.TryGetProperty("security", out _), where + ": security");
            }
        }

        Assert.True(operations >= 20, $"{operations} operations");
    }

    [Fact]
    public async Task Every_command_of_an_incident_is_described_and_the_way_of_a_call_has_examples()
    {
        var document = await Document();
        var post = document.GetProperty("paths").GetProperty("/api/incidents/{id}/commands").GetProperty("post");
        var content = post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
        var examples = content.GetProperty("examples").EnumerateObject().Select(example => example.Value.GetProperty("value").GetProperty("type").GetString()).ToList();
        Assert.Equal(["accept", "dispatch", "enRoute", "arrive", "handle", "report", "callBack", "followUp", "waiveFollowUp", "close",
            "answer", "recordCall", "split", "referToMediation", "endMediation", "followUpMediation", "handToCaseTeam", "takeCase", "feedBackCase"], examples);
        var schemas = document.GetProperty("components").GetProperty("schemas");
        var command = schemas.GetProperty("IncidentCommand");
        var mapping = command.GetProperty("discriminator").GetProperty("mapping").EnumerateObject().Select(entry => entry.Name).ToList();
        Assert.All(examples, example => Assert.Contains(example, mapping));
    }

    private async Task<JsonElement> Document()
    {
        using var program = await host.Program(Rights.Read);
        return await program.GetFromJsonAsync<JsonElement>("/openapi/v1.json", TestContext.Current.CancellationToken);
    }
}
