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

    [Fact]
    public async Task Every_request_body_has_an_example_and_so_have_the_answers_that_lead_on()
    {
        var document = await Document();
        var without = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Where: $"{operation.Name} {path.Name}", operation.Value)))
            .Where(entry => entry.Value.TryGetProperty("requestBody", out var body) && body.GetProperty("content").EnumerateObject().All(content => !content.Value.TryGetProperty("examples", out _)))
            .Select(entry => entry.Where).ToList();
        Assert.True(without.Count == 0, "Without an example: " + string.Join(", ", without));
        var point = Answer(document, "/api/field/patrol", "get")[0];
        Assert.Equal(Answer(document, "/api/field/patrol/{shiftId}/{pointId}", "post").GetProperty("id").GetInt64(), point.GetProperty("shiftId").GetInt64());
    }

    [Fact]
    public async Task Every_answer_with_a_body_has_an_example_with_every_member_that_its_schema_demands()
    {
        var document = await Document();
        var schemas = document.GetProperty("components").GetProperty("schemas");
        var wrong = new List<string>();
        var seen = 0;
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                foreach (var content in operation.Value.GetProperty("responses").EnumerateObject().Where(answer => answer.Name.StartsWith('2') && answer.Value.TryGetProperty("content", out _))
                    .SelectMany(answer => answer.Value.GetProperty("content").EnumerateObject()))
                {
                    seen++;
                    if (!content.Value.TryGetProperty("example", out var example))
                    {
                        wrong.Add($"{operation.Name} {path.Name}: no example");
                    }
                    else if (content.Name == "application/json" && Lacks(content.Value.GetProperty("schema"), example, schemas, "") is { } member)
                    {
                        wrong.Add($"{operation.Name} {path.Name}: {member}");
                    }
                }
            }
        }

        Assert.True(seen > 50 && wrong.Count == 0, $"{seen} answers\n{string.Join("\n", wrong)}");
    }

    /// <summary>The first demanded member that the example lacks; null when it has them all.</summary>
    private static string? Lacks(JsonElement schema, JsonElement example, JsonElement schemas, string where)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Lacks(schemas.GetProperty(reference.GetString()!.Split('/')[^1]), example, schemas, where);
        }

        if (example.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            return example.EnumerateArray().Select(item => Lacks(items, item, schemas, where + "[]")).FirstOrDefault(lack => lack is not null);
        }

        if (example.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties))
        {
            return null;
        }

        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!) : [];
        return required.Where(name => !example.TryGetProperty(name, out _)).Select(name => $"{where}.{name} is missing").FirstOrDefault()
            ?? properties.EnumerateObject().Where(property => example.TryGetProperty(property.Name, out _))
                .Select(property => Lacks(property.Value, example.GetProperty(property.Name), schemas, $"{where}.{property.Name}")).FirstOrDefault(lack => lack is not null);
    }

    [Fact]
    public async Task The_example_of_a_station_file_is_a_good_one_and_its_dry_run_says_what_it_would_change()
    {
        var document = await Document();
        var file = document.GetProperty("paths").GetProperty("/api/station/check").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/yaml")
            .GetProperty("examples").GetProperty("smallest").GetProperty("value").GetString()!;
        using var program = await host.Program(Rights.Maintain);
        using var answer = await program.PostAsync("/api/station/check", new StringContent(file, System.Text.Encoding.UTF8, "application/yaml"), TestContext.Current.CancellationToken);
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.True(said.GetProperty("good").GetBoolean(), said.ToString());
        Assert.Equal(1, said.GetProperty("holds").GetProperty("boards").GetInt32());
        Assert.False(said.GetProperty("changes").GetProperty("isAnotherStation").GetBoolean());
    }

    [Fact]
    public async Task A_problem_is_described_with_the_refusals_name_and_the_members_at_fault()
    {
        var problem = (await Document()).GetProperty("components").GetProperty("schemas").GetProperty("ProblemDetails").GetProperty("properties");
        Assert.Equal("string", problem.GetProperty("refusal").GetProperty("type").GetString());
        Assert.Equal("array", problem.GetProperty("errors").GetProperty("additionalProperties").GetProperty("type").GetString());
    }

    private static JsonElement Answer(JsonElement document, string path, string method) =>
        document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example");

    private async Task<JsonElement> Document()
    {
        using var program = await host.Program(Rights.Read);
        return await program.GetFromJsonAsync<JsonElement>("/openapi/v1.json", TestContext.Current.CancellationToken);
    }
}
