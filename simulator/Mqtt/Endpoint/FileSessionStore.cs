using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Mqtt.Sessions;

namespace Gateway.Mqtt.Endpoint;

/// <summary>
/// One file: 32 bytes SHA-256, then JSON. Written beside its name, flushed to the disk, then renamed: a power cut leaves the old file, none, or the whole
/// new one. It holds messages of clients, so it belongs into the owner's private data folder.
/// </summary>
public sealed class FileSessionStore(string path) : ISessionStore
{
    /// <inheritdoc/>
    public BrokerState? Take()
    {
        if (!File.Exists(path))
            return null;
        byte[] bytes = File.ReadAllBytes(path);
        // Gone before it is used: a crash from here on must not find state that is no longer true.
        File.Delete(path);
        if (bytes.Length < SHA256.HashSizeInBytes
            || !SHA256.HashData(bytes.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, SHA256.HashSizeInBytes)))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<BrokerState>(bytes.AsSpan(SHA256.HashSizeInBytes));
        }
        catch (JsonException)
        {
            return null; // whole, but of another version
        }
    }

    /// <inheritdoc/>
    public void Save(BrokerState state)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(state);
        string draft = path + ".new";
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            file.Write(SHA256.HashData(json));
            file.Write(json);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
    }
}
