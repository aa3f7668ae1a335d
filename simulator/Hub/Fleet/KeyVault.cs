using System.Security.Cryptography;
using System.Text;

namespace Gateway.Hub.Fleet;

/// <summary>
/// Wraps device keys for the database with AES-256-GCM under a master key that lies beside it in its own file, readable by the hub's user only.
/// What this gives: a copy of the database alone (a backup, a support case) reveals no device key. What it does not give: whoever can read both files,
/// or the memory of the hub, has the keys; a hub must know them to check a MAC.
/// </summary>
public sealed class KeyVault
{
    public const string FileName = "hub.key";
    private const int MasterKeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _master;

    private KeyVault(byte[] master) => _master = master;

    /// <summary>Reads the master key of a data folder, or draws it when the folder is new.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="mayCreate">False when the database holds wrapped keys already: then a new master key could open none of them.</param>
    /// <exception cref="HubStartException">The file is missing or damaged, or cannot be written.</exception>
    public static KeyVault Open(string folder, bool mayCreate)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (File.Exists(path))
            {
                return Read(path);
            }

            if (!mayCreate)
            {
                throw new DataVersionException($"The key file {path} is missing, and without it the device keys in the database cannot be opened; restore it from a backup.");
            }

            var drawn = RandomNumberGenerator.GetBytes(MasterKeyBytes);
            WriteDurably(path, drawn);
            return new KeyVault(drawn);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"The key file {path} cannot be read or written ({e.Message}).", e);
        }
    }

    /// <summary>Reads a master key that is there.</summary>
    /// <exception cref="DataVersionException">It is damaged.</exception>
    internal static KeyVault Read(string path)
    {
        var master = File.ReadAllBytes(path);
        return master.Length == MasterKeyBytes ? new KeyVault(master) : throw new DataVersionException($"The key file {path} is damaged; restore it from a backup.");
    }

    public byte[] Wrap(string device, ReadOnlySpan<byte> key)
    {
        var wrapped = new byte[NonceBytes + key.Length + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_master, TagBytes);
        aes.Encrypt(wrapped.AsSpan(0, NonceBytes), key, wrapped.AsSpan(NonceBytes, key.Length), wrapped.AsSpan(NonceBytes + key.Length), Encoding.ASCII.GetBytes(device));
        return wrapped;
    }

    /// <exception cref="HubStartException">The key was wrapped under another master key, or for another device.</exception>
    public byte[] Unwrap(string device, ReadOnlySpan<byte> wrapped)
    {
        try
        {
            var key = new byte[wrapped.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(_master, TagBytes);
            aes.Decrypt(wrapped[..NonceBytes], wrapped[NonceBytes..^TagBytes], wrapped[^TagBytes..], key, Encoding.ASCII.GetBytes(device));
            return key;
        }
        catch (Exception e) when (e is CryptographicException or OverflowException or ArgumentException)
        {
            throw new DataVersionException($"The key file does not open the stored key of {device}; restore the {FileName} that belongs to this database.", e);
        }
    }

    private static void WriteDurably(string path, byte[] master)
    {
        // Written beside and renamed: after a power cut there is a whole key or none, and none is drawn again, for nothing is wrapped under it yet.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var temporary = path + ".new";
        using (var file = new FileStream(temporary, options))
        {
            file.Write(master);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
    }
}
