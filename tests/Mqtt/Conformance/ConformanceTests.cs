using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Mqtt.Endpoint;
using Xunit.v3;

namespace Gateway.Mqtt.Tests.Conformance;

/// <summary>
/// Keeps CONFORMANCE.md true: it is made of the list of statements (statements.tsv: number, whom it concerns, what it asks in our words) and of the
/// <see cref="ProvesAttribute"/> on the tests. After a change: GATEWAY_WRITE_CONFORMANCE=1 dotnet test tests/Mqtt.
/// </summary>
public sealed partial class ConformanceTests
{
    /// <summary>The number of normative statements in Appendix B of the OASIS standard of 29 October 2014.</summary>
    private const int StatementCount = 141;

    private static readonly (string Number, string Side, string Text)[] Statements = [.. File.ReadAllLines(Path.Combine(TestFolder(), "statements.tsv"))
        .Select(static line => line.Split('\t')).Select(static cells => (cells[0], cells[1], cells[2]))];

    private static readonly ILookup<string, string> TestsByStatement = typeof(ConformanceTests).Assembly.GetTypes()
        .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
        .SelectMany(static method => (method.GetCustomAttribute<ProvesAttribute>()?.Statements ?? []).Select(statement => (statement, method)))
        .ToLookup(static pair => pair.statement, static pair => $"{pair.method.DeclaringType!.Name}.{pair.method.Name}");

    [Fact]
    public void The_list_of_statements_is_complete()
    {
        Assert.Equal(StatementCount, Statements.Length);
        Assert.Equal(StatementCount, Statements.DistinctBy(static statement => statement.Number).Count());
        foreach (var section in Statements.GroupBy(static statement => Section(statement.Number)))
            Assert.Equal(Enumerable.Range(1, section.Count()), section.Select(static statement => Ordinal(statement.Number)));
        Assert.All(Statements, static statement => Assert.Contains(statement.Side, new[] { "server", "client", "both", "none" }));
    }

    [Fact]
    public void Every_statement_that_concerns_us_has_a_test_and_every_claim_a_statement()
    {
        string[] known = [.. Statements.Select(static statement => statement.Number)];
        Assert.Empty(TestsByStatement.Select(static tests => tests.Key).Except(known));
        Assert.Equal([], Statements.Where(static one => one.Side != "none" && !TestsByStatement.Contains(one.Number)).Select(static one => one.Number));
        Assert.Equal([], Statements.Where(static one => one.Side == "none" && TestsByStatement.Contains(one.Number)).Select(static one => one.Number));
        IEnumerable<MethodInfo> claims = typeof(ConformanceTests).Assembly.GetTypes().SelectMany(static type => type.GetMethods())
            .Where(static method => method.GetCustomAttribute<ProvesAttribute>() is not null);
        Assert.All(claims, static method => Assert.True(method.GetCustomAttributes().Any(static attribute => attribute is IFactAttribute), method.Name));
    }

    [Fact]
    public void The_document_says_what_the_tests_prove()
    {
        string path = Path.Combine(ProductFolder(), "CONFORMANCE.md");
        string expected = Document();
        if (Environment.GetEnvironmentVariable("GATEWAY_WRITE_CONFORMANCE") == "1")
            File.WriteAllText(path, expected);
        Assert.Equal(expected, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_table_of_bounds_in_the_README_has_every_limit_with_its_default()
    {
        string readme = File.ReadAllText(Path.Combine(ProductFolder(), "README.md"));
        var limits = new EndpointLimits();
        Assert.All(
            typeof(EndpointLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly),
            property =>
            {
                LimitRange range = Assert.Single(LimitRange.All, range => string.Equals(range.Name, property.Name, StringComparison.OrdinalIgnoreCase));
                Assert.Contains(FormattableString.Invariant($"| `{property.Name}` | {property.GetValue(limits):N0} | {range.Min:N0} to {range.Max:N0} |"), readme, StringComparison.Ordinal);
                Assert.InRange(range.Get(limits), range.Min, range.Max);
                Assert.Equal(property.GetValue(range.Set(limits, range.Max)), Convert.ChangeType(range.Max, property.PropertyType, System.Globalization.CultureInfo.InvariantCulture));
            });
    }

    [Fact]
    public void Every_statement_that_the_code_cites_is_in_the_list()
    {
        HashSet<string> known = [.. Statements.Select(static statement => statement.Number)];
        string[] files = [.. new[] { ProductFolder(), Path.Combine(TestFolder(), "..") }.SelectMany(static folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))];
        (string File, string Number)[] cited = [.. files.SelectMany(static file => Citation().Matches(File.ReadAllText(file)).Select(match => (Path.GetFileName(file), match.Value)))];
        Assert.True(cited.Length > 150, $"only {cited.Length} citations in {files.Length} files: the test looks at the wrong place");
        Assert.Equal([], cited.Where(one => !known.Contains(one.Number)));
    }

    [Fact]
    public void Every_statement_that_concerns_us_is_cited_at_the_code()
    {
        string code = string.Concat(Directory.EnumerateFiles(ProductFolder(), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText));
        HashSet<string> cited = [.. Citation().Matches(code).Select(static match => match.Value)];
        Assert.Equal([], Statements.Where(one => one.Side != "none" && !cited.Contains(one.Number)).Select(static one => one.Number));
    }

    private static string Document()
    {
        var text = new StringBuilder();
        text.Append("""
            # Conformance to MQTT 3.1.1

            Every normative statement of the OASIS standard "MQTT Version 3.1.1" (29 October 2014, Appendix B), whom it concerns, what it asks (in our
            words: the standard's text rules), and the tests in `tests/Mqtt` that prove it for the endpoint, for our client, or for both. In `simulator/Mqtt`
            each stands by its number where it is obeyed.

            The list was compared on 22 November 2026, number by number and sentence by sentence, with Appendix B of the standard itself (`mqtt-v3.1.1-os.pdf`,
            OASIS Standard, 29 October 2014): its 141 statements are these, no more and no fewer. Each test was read against its sentence.
            Errata 01 (10 December 2015) changes no statement: the 139 that the index of yoch/mqttium (`docs/spec`, drawn from the OASIS archive of
            "Plus Errata 01") has were compared by machine with Appendix B and have its words. The two more here are those that the standard spells with
            other separators (3.1.2.7, 3-8.3-4).

            Run them with `dotnet test tests/Mqtt`. This file is written by `GATEWAY_WRITE_CONFORMANCE=1 dotnet test tests/Mqtt`
            and checked by `ConformanceTests`; edit `tests/Mqtt/Conformance/statements.tsv`, `suites.md` and the `[Proves]` attributes instead.

            Where the standard leaves a choice, this is ours:

            - A PUBLISH or a will that the policy forbids: the connection closes, or CONNACK 5 (3.3.5-2).
            - Overlapping subscriptions: one delivery at the highest QoS (3.3.5-1).
            - QoS 0 messages for an absent session are not stored (3.1.2-5).
            - MQTT 3.1 (`MQIsdp`) is closed without an answer (3.1.2-1); levels other than 4 get CONNACK 1 (3.1.2-2).
            - PUBREC for an unknown identifier is answered by PUBREL, PUBREL for an unknown one by PUBCOMP, so that the client can end the exchange.
            - A Remaining Length in more bytes than it needs is accepted; the standard does not forbid it.
            - A limit of ours that is reached ends in the way that README.md lists; the standard knows no limits but its own. In particular a message
              that finds a session's queue full is dropped for that session and counted (4.5.0-1), and a retained message over the store's bound is
              not stored (3.3.1-5).

            | Statement | Concerns | What it asks | Tests |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach ((string number, string side, string words) in Statements)
        {
            string tests = string.Join("<br>", TestsByStatement[number].Distinct().Order(StringComparer.Ordinal));
            text.Append($"| {number} | {side} | {words} | {(tests.Length == 0 ? "not applicable" : tests)} |\n");
        }
        text.Append(File.ReadAllText(Path.Combine(TestFolder(), "suites.md")).ReplaceLineEndings("\n"));
        return text.ToString();
    }

    [GeneratedRegex(@"MQTT-\d+[.-]\d+\.\d+-\d+")]
    private static partial Regex Citation();

    private static string Section(string number) => number[..number.LastIndexOf('-')].Replace("3-8", "3.8", StringComparison.Ordinal);

    private static int Ordinal(string number) => int.Parse(number[(number.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private static string TestFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static string ProductFolder() => Path.GetFullPath(Path.Combine(TestFolder(), "..", "..", "..", "simulator", "Mqtt"));
}
