using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Hub.Operation;

/// <summary>
/// A certificate authority for a station that has none: one folder with `ca.pem` and `ca.key`, made and used without any network. Keys are ECDSA P-256, which an
/// ESP32 verifies in a fraction of the time of RSA. Whoever has `ca.key` can pose as the hub: keep the folder away from the hub, on a stick in a drawer.
/// </summary>
public static class CertificateAuthority
{
    public const string AuthorityFile = "ca.pem";
    public const string AuthorityKeyFile = "ca.key";
    public const int AuthorityYears = 20;
    public const int CertificateDaysMax = 3_650;

    internal const string ServerAuthenticationOid = "1.3.6.1.5.5.7.3.1";
    internal const string ClientAuthenticationOid = "1.3.6.1.5.5.7.3.2";

    private const int SerialBytes = 16;

    /// <summary>Makes `ca.pem` and `ca.key` in a folder that has none.</summary>
    /// <exception cref="CertificateException">There is an authority already, or the folder cannot be written.</exception>
    public static void Create(string folder, string name, DateTimeOffset now)
    {
        var keyFile = Path.Combine(folder, AuthorityKeyFile);
        if (File.Exists(keyFile))
        {
            throw new CertificateException($"{keyFile} is there already: a new authority would be trusted by no board that has the old one. Choose another folder.");
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(NameOf(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(AuthorityYears));
        Write(folder, AuthorityKeyFile, key.ExportPkcs8PrivateKeyPem(), isSecret: true);
        Write(folder, AuthorityFile, certificate.ExportCertificatePem(), isSecret: false);
    }

    /// <summary>Makes a server certificate for the names and addresses by which boards and browsers call the hub. Returns the two files.</summary>
    /// <exception cref="CertificateException">The authority cannot be used, or the folder cannot be written.</exception>
    public static (string Certificate, string Key) IssueServer(string folder, IReadOnlyList<string> hosts, int days, DateTimeOffset now)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else if (Uri.CheckHostName(host) == UriHostNameType.Dns)
            {
                names.AddDnsName(host);
            }
            else
            {
                throw new CertificateException($"\"{host}\" is neither an address nor a host name.");
            }
        }

        return Issue(folder, "server", hosts[0], ServerAuthenticationOid, names.Build(), days, now);
    }

    /// <summary>Makes a board's certificate, whose common name is the device id: at an endpoint that asks for one it lets in that device only.</summary>
    /// <inheritdoc cref="IssueServer"/>
    public static (string Certificate, string Key) IssueDevice(string folder, string device, int days, DateTimeOffset now) =>
        Issue(folder, device, device, ClientAuthenticationOid, null, days, now);

    private static (string Certificate, string Key) Issue(string folder, string file, string name, string purposeOid, X509Extension? names, int days, DateTimeOffset now)
    {
        using var authority = LoadAuthority(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(NameOf(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purposeOid)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names);
        }

        // Never longer than its authority: such a certificate would be refused.
        var ends = now.AddDays(days);
        var authorityEnds = new DateTimeOffset(authority.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        using var certificate = request.Create(authority, now.AddDays(-1), ends < authorityEnds ? ends : authorityEnds, RandomNumberGenerator.GetBytes(SerialBytes));
        return (Write(folder, file + ".pem", certificate.ExportCertificatePem(), isSecret: false), Write(folder, file + ".key", key.ExportPkcs8PrivateKeyPem(), isSecret: true));
    }

    private static X509Certificate2 LoadAuthority(string folder)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(Path.Combine(folder, AuthorityFile), Path.Combine(folder, AuthorityKeyFile));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"There is no usable {AuthorityFile} with {AuthorityKeyFile} in {folder} ({e.Message.TrimEnd('.')}); make one with `certificate authority`.", e);
        }
    }

    private static X500DistinguishedName NameOf(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        return builder.Build();
    }

    /// <summary>Written beside and renamed, so that a hub which looks meanwhile reads a whole file.</summary>
    private static string Write(string folder, string name, string pem, bool isSecret)
    {
        var path = Path.Combine(folder, name);
        try
        {
            Directory.CreateDirectory(folder);
            var draft = path + ".new";
            File.Delete(draft);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (isSecret && !OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(draft, options))
            {
                writer.Write(pem);
                writer.Write('\n');
            }

            File.Move(draft, path, overwrite: true);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{path} cannot be written ({e.Message.TrimEnd('.')}).", e);
        }
    }
}
