using Gateway.Hub.Tests.Support;
using Gateway.Hub.Webhooks;

namespace Gateway.Hub.Tests.Webhooks;

/// <summary>The file of targets: every mistake stops the start with one sentence, and no sentence holds a secret.</summary>
public sealed class WebhookFileTests
{
    private const string Secret = "0123456789abcdef";

    [Fact]
    public void No_file_is_no_webhooks_and_a_good_one_is_read()
    {
        using var folder = new TempFolder();
        Assert.Empty(WebhookFile.Load(folder.Path));
        File.WriteAllText(Path.Combine(folder.Path, WebhookFile.FileName), Entry());
        var target = Assert.Single(WebhookFile.Load(folder.Path));
        Assert.True(target.Wants(WebhookEvents.Opened));
        Assert.False(target.Wants(WebhookEvents.Message));
        Assert.DoesNotContain(Secret, target.ToString());
    }

    [Theory]
    [InlineData("{", "not the JSON")]
    [InlineData("name:Bad Name", "a name is")]
    [InlineData("url:http://sms.example/hook", "https")]
    [InlineData("url:ftp://127.0.0.1/", "https")]
    [InlineData("secret:short", "at least 16 bytes")]
    [InlineData("events:incident.deleted", "must be of")]
    [InlineData("twice", "each once")]
    public void Every_mistake_is_one_sentence_without_the_secret(string mistake, string expected)
    {
        using var folder = new TempFolder();
        var parts = mistake.Split(':', 2);
        var text = parts[0] switch
        {
            "{" => "{",
            "name" => Entry(name: parts[1]),
            "url" => Entry(url: parts[1]),
            "secret" => Entry(secret: parts[1]),
            "events" => Entry(events: parts[1]),
            _ => $"[{Entry()[1..^1]},{Entry()[1..^1]}]",
        };
        File.WriteAllText(Path.Combine(folder.Path, WebhookFile.FileName), text);
        var refused = Assert.Throws<WebhookFileException>(() => WebhookFile.Load(folder.Path));
        Assert.Contains(expected, refused.Message);
        Assert.DoesNotContain(Secret, refused.Message);
    }

    private static string Entry(string name = "banner", string url = "https://banner.example/calls", string secret = Secret, string events = WebhookEvents.Opened) =>
        $$"""[{ "name": "{{name}}", "url": "{{url}}", "secret": "{{secret}}", "events": ["{{events}}"] }]""";
}
