using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Gateway.Hub.Webhooks;

/// <summary>
/// Reads <c>webhooks.json</c> of the data folder: a list of <c>{ "name", "url", "secret", "events", "units" }</c>. The file is its owner's alone, as the database is;
/// README.md of this room shows one. No file: no webhooks.
/// </summary>
public static class WebhookFile
{
    public const string FileName = "webhooks.json";
    public const int TargetsMax = 16;
    private const int FileMaxBytes = 64 * 1024;
    private const int NameMaxChars = 32;

    private sealed record Entry(string Name, string Url, string Secret, string[] Events, string[]? Units = null);

    /// <exception cref="WebhookFileException">The file is there and cannot be used; the message is one sentence for a person, and never holds a secret.</exception>
    public static ImmutableArray<WebhookTarget> Load(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            if (new FileInfo(path).Length > FileMaxBytes)
            {
                throw new WebhookFileException($"{path} has more than {FileMaxBytes} bytes.");
            }

            var entries = JsonSerializer.Deserialize<List<Entry>>(File.ReadAllText(path), JsonSerializerOptions.Web) ?? [];
            if (entries.Count > TargetsMax || entries.Select(entry => entry.Name).Distinct().Count() != entries.Count)
            {
                throw new WebhookFileException($"{path} must name at most {TargetsMax} targets, each once.");
            }

            return [.. entries.Select(entry => Judge(entry, path))];
        }
        catch (JsonException e)
        {
            throw new WebhookFileException($"{path} is not the JSON that is expected (line {e.LineNumber + 1}).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WebhookFileException($"{path} cannot be read ({e.Message}).");
        }
    }

    private static WebhookTarget Judge(Entry entry, string path)
    {
        if (entry.Name is not { Length: > 0 and <= NameMaxChars } || entry.Name.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
        {
            throw new WebhookFileException($"{path}: a name is 1 to {NameMaxChars} of a-z, 0-9 and '-'.");
        }

        // Plain HTTP carries telephone numbers in the open: to this machine only.
        if (!Uri.TryCreate(entry.Url, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
        {
            throw new WebhookFileException($"{path}: `url` of {entry.Name} must be an https address, or http to this machine.");
        }

        var secret = Encoding.UTF8.GetBytes(entry.Secret ?? "");
        if (secret.Length < WebhookTarget.SecretBytesMin)
        {
            throw new WebhookFileException($"{path}: `secret` of {entry.Name} must have at least {WebhookTarget.SecretBytesMin} bytes.");
        }

        return entry.Events is { Length: > 0 } && entry.Events.All(WebhookEvents.All.Contains)
            ? new WebhookTarget(entry.Name, url, secret, [.. entry.Events.Distinct()]) { Units = [.. entry.Units ?? []] }
            : throw new WebhookFileException($"{path}: `events` of {entry.Name} must be of: {string.Join(", ", WebhookEvents.All)}.");
    }
}

/// <summary>The file of webhooks cannot be used.</summary>
public sealed class WebhookFileException(string sentence) : HubStartException(sentence);
