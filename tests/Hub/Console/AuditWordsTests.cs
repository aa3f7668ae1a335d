using Gateway.Hub.Audit;
using Gateway.Hub.Console;
using Gateway.Hub.Tests.Support;

namespace Gateway.Hub.Tests.Console;

/// <summary>An audit entry is read by people: its content in words and not in escapes, none of it lost.</summary>
public sealed class AuditWordsTests
{
    [Fact]
    public void A_content_is_told_as_members_and_values_without_what_has_a_column_of_its_own()
    {
        var entry = Entry("{\"type\":\"reported\",\"text\":\"\\u5df2\\u5904\\u7406\",\"parties\":[\"reporter\",\"neighbour\"],\"signal\":{\"identity\":{\"device\":\"sumitu-01\",\"sequence\":7}},\"extra\":null,\"at\":\"2026-01-01\",\"actor\":\"operator\"}");
        Assert.Equal("text: 已处理; parties: reporter, neighbour; signal.identity.device: sumitu-01; signal.identity.sequence: 7", AuditWords.Of(entry));
        Assert.False(AuditWords.IsMore(entry));
    }

    [Theory]
    [InlineData("")]
    [InlineData("roles: operator")]
    [InlineData("{ no JSON")]
    public void What_is_no_object_is_shown_as_it_is(string content)
    {
        Assert.Equal(content, AuditWords.Of(Entry(content)));
        Assert.False(AuditWords.IsMore(Entry(content)));
    }

    [Fact]
    public void A_long_content_is_shortened_and_the_whole_of_it_is_offered()
    {
        var entry = Entry(new string('x', 1_000));
        Assert.True(AuditWords.Of(entry).Length < 400 && AuditWords.IsMore(entry));
    }

    private static AuditEntry Entry(string content) => new(1, TestTime.Start, "operator", "incident.reported", "incident/1", content, new byte[AuditEntry.SaltBytes], [], []);
}
