using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Gateway.Hub.Ingest;

namespace Gateway.Hub.Fleet;

/// <summary>A provisioned device's credentials in memory.</summary>
public sealed record DeviceCredentials(string Device, MessageKey Key, byte[] PasswordSalt, byte[] PasswordHash, bool Revoked)
{
    public const int SaltBytes = 16;

    /// <summary>
    /// One round of salted SHA-256. Enough, because the password is 32 characters drawn at random (190 bits): there is no dictionary to slow down, and
    /// ten thousand boards must be able to reconnect at once.
    /// </summary>
    public static byte[] HashPassword(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> password)
    {
        Span<byte> input = stackalloc byte[SaltBytes + PasswordBytesMax];
        salt.CopyTo(input);
        password.CopyTo(input[salt.Length..]);
        return SHA256.HashData(input[..(salt.Length + password.Length)]);
    }

    public const int PasswordBytesMax = 64;

    /// <summary>Constant-time.</summary>
    public bool PasswordIs(ReadOnlySpan<byte> password) =>
        password.Length <= PasswordBytesMax && CryptographicOperations.FixedTimeEquals(HashPassword(PasswordSalt, password), PasswordHash);

    /// <summary>Draws new credentials. Returns them with the password, which is nowhere else.</summary>
    public static (DeviceCredentials Credentials, string Password) Draw(string device)
    {
        const string alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
        var password = DrawUndated(() => RandomNumberGenerator.GetString(alphabet, 32));
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var key = new MessageKey(Convert.FromHexString(DrawUndated(() => RandomNumberGenerator.GetHexString(MessageKey.KeyBytes * 2, lowercase: true))));
        return (new DeviceCredentials(device, key, salt, HashPassword(salt, Encoding.ASCII.GetBytes(password)), false), password);
    }

    /// <summary>
    /// Draws again while the text begins like a year. nanoFramework.Json 2.2.203 takes a string of 18 characters or more that can be read as a date
    /// ("20260131a120000...") for one, and the board would then refuse its provisioning file. Costs a key less than a quarter of a bit.
    /// </summary>
    private static string DrawUndated(Func<string> draw)
    {
        var text = draw();
        while (!text.AsSpan(0, 4).ContainsAnyExceptInRange('0', '9'))
        {
            text = draw();
        }

        return text;
    }
}

/// <summary>The credentials of all provisioned devices, for the threads of the connections. Changed only after a commit.</summary>
public sealed class DeviceRegistry
{
    private readonly ConcurrentDictionary<string, DeviceCredentials> _devices = new(StringComparer.Ordinal);

    public void Set(DeviceCredentials credentials) => _devices[credentials.Device] = credentials;

    /// <summary>At the start: what the database has, its keys unwrapped.</summary>
    public void Load(IEnumerable<StoredCredentials> stored, KeyVault vault)
    {
        foreach (var known in stored)
        {
            Set(new DeviceCredentials(known.Device, new MessageKey(vault.Unwrap(known.Device, known.WrappedKey)), known.PasswordSalt, known.PasswordHash, known.Revoked));
        }
    }

    /// <summary>The device, revoked or not; null when it was never provisioned.</summary>
    public DeviceCredentials? Find(string device) => _devices.GetValueOrDefault(device);

    /// <summary>The key by which this device's messages are believed; null when it is unknown or revoked.</summary>
    public MessageKey? KeyOf(string device) => _devices.TryGetValue(device, out var found) && !found.Revoked ? found.Key : null;
}
