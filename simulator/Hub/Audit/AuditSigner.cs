using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gateway.Hub.Audit;

/// <summary>
/// Signs heads of the chain with a key that lies in a file of its own beside <c>hub.key</c>, outside the database. It stops whoever has the database alone from
/// making heads. It does not stop whoever has the whole machine: against that, heads must be kept on another one.
/// </summary>
public sealed class AuditSigner : IDisposable
{
    public const string FileName = "audit.key";

    private readonly ECDsa _key;

    private AuditSigner(ECDsa key)
    {
        _key = key;
        PublicKey = Base64Url.EncodeToString(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>SubjectPublicKeyInfo, base64url.</summary>
    public string PublicKey { get; }

    public string Fingerprint => AuditHead.FingerprintOf(PublicKey);

    /// <summary>Reads the key of a data folder, or draws it when there is none. A new key is no secret: its heads show another fingerprint.</summary>
    /// <exception cref="HubStartException">The file is damaged, or cannot be read or written.</exception>
    public static AuditSigner Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (File.Exists(path))
            {
                return Read(path);
            }

            var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Write(path, key.ExportPkcs8PrivateKeyPem());
            return new AuditSigner(key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"The key file {path} cannot be read or written ({e.Message}).", e);
        }
    }

    /// <summary>The public key of a data folder; null when it has none yet.</summary>
    /// <exception cref="HubStartException">The file is damaged or cannot be read.</exception>
    public static string? PublicKeyOf(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var signer = Read(path);
            return signer.PublicKey;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException($"The key file {path} cannot be read ({e.Message}).", e);
        }
    }

    public AuditHead Sign(string hub, AuditPosition end, DateTimeOffset at)
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        var signature = _key.SignData(AuditHead.Signed(hub, end.Entries, end.Hash, moment), HashAlgorithmName.SHA256);
        return new AuditHead(hub, end.Entries, end.Hash, moment, PublicKey, Base64Url.EncodeToString(signature));
    }

    public void Dispose() => _key.Dispose();

    private static AuditSigner Read(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return new AuditSigner(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new DataVersionException($"The key file {path} is damaged; restore it from a backup, or delete it: heads are then signed by a new key.", e);
        }
    }

    private static void Write(string path, string pem)
    {
        // Written beside and renamed: after a power cut there is a whole key or none, and then another is drawn.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(path + ".new", options))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(pem);
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path);
    }
}

/// <summary>How far a chain reaches: its entries and the hash of the last, in hex.</summary>
public sealed record AuditPosition(long Entries, string Hash);
