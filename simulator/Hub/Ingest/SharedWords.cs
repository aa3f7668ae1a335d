namespace Gateway.Hub.Ingest;

/// <summary>Words that many gateways say alike, such as their firmware's version: each string once. Bounded: the first come stay, others keep a string of their own.</summary>
internal sealed class SharedWords
{
    private const int WordsMax = 256;

    private readonly HashSet<string> _words = new(StringComparer.Ordinal);

    public string Of(string word)
    {
        if (_words.TryGetValue(word, out var known))
        {
            return known;
        }

        if (_words.Count < WordsMax)
        {
            _words.Add(word);
        }

        return word;
    }
}
