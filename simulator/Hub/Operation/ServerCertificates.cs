using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Gateway.Hub.Operation;

/// <summary>
/// The hub's certificate and what each handshake is told. Looks at the files' times when somebody connects, at most once a second, and reads them again when
/// they changed: new connections get the new certificate, the open ones go on. Files that cannot be used leave the old certificate in place, and raise a condition.
/// </summary>
internal sealed class ServerCertificates
{
    public const string UnreadableCondition = "certificate-unreadable";
    public const string ExpiresCondition = "certificate-expires";

    /// <summary>A certificate that ends within this is called out: time to make another without haste.</summary>
    public const int WarnDays = 21;

    private const int LookEveryMs = 1_000;
    private const int HandshakeTimeoutMs = 10_000;

    private readonly TlsOptions _options;
    private readonly HubConditions _conditions;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Loaded _loaded;
    private long _lookedAt;

    /// <exception cref="CertificateException">The files cannot be used.</exception>
    public ServerCertificates(TlsOptions options, HubConditions conditions, TimeProvider time)
    {
        (_options, _conditions, _time) = (options, conditions, time);
        _loaded = Load(StampOf(options));
        _lookedAt = time.GetTimestamp();
        JudgeExpiry();
    }

    /// <summary>The text of `ca.pem` for boards; empty when the hub was not told of it.</summary>
    public string AuthorityPem => Current().AuthorityPem;

    /// <summary>Speaks TLS on a port.</summary>
    public void Use(ListenOptions listen, bool asksForClientCertificate)
    {
        // Only the MQTT port asks; a person's browser has a cookie.
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = TimeSpan.FromMilliseconds(HandshakeTimeoutMs),
            OnConnection = _ => ValueTask.FromResult(HandshakeOptions(Current(), asksForClientCertificate)),
        });
    }

    private SslServerAuthenticationOptions HandshakeOptions(Loaded loaded, bool asksForClientCertificate)
    {
        var asks = asksForClientCertificate && _options.ClientCertificates != ClientCertificates.None;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = loaded.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            ClientCertificateRequired = asks,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = asks ? (_, certificate, _, _) => IsGood(certificate as X509Certificate2, loaded) : null,
        };
    }

    /// <summary>The chain is judged against the station's own authorities only; revocation is the hub's own (a revoked device's password is refused).</summary>
    private bool IsGood(X509Certificate2? certificate, Loaded loaded)
    {
        if (certificate is null)
        {
            return _options.ClientCertificates == ClientCertificates.Optional;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(loaded.ClientAuthorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CertificateAuthority.ClientAuthenticationOid));
        return chain.Build(certificate);
    }

    private Loaded Current()
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_lookedAt).TotalMilliseconds < LookEveryMs)
            {
                return _loaded;
            }

            _lookedAt = _time.GetTimestamp();
            try
            {
                var stamp = StampOf(_options);
                if (stamp != _loaded.Stamp)
                {
                    _loaded = Load(stamp);
                    _conditions.End(UnreadableCondition);
                }
            }
            catch (CertificateException e)
            {
                // Half a copy, a key that does not fit: the old pair goes on, and the next look tries again.
                _conditions.Raise(UnreadableCondition, e.Message);
            }

            JudgeExpiry();
            return _loaded;
        }
    }

    private void JudgeExpiry()
    {
        var ends = _loaded.NotAfter;
        if (ends - _time.GetUtcNow() < TimeSpan.FromDays(WarnDays))
        {
            _conditions.Raise(ExpiresCondition, $"The certificate of the hub ends on {ends:yyyy-MM-dd}.");
        }
        else
        {
            _conditions.End(ExpiresCondition);
        }
    }

    private Loaded Load(string stamp)
    {
        try
        {
            using var fromPem = X509Certificate2.CreateFromPemFile(_options.CertificateFile, _options.KeyFile);
            // By way of PKCS #12, because Windows does not serve TLS with a key that was never in a store.
            var certificate = X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), null);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(_options.CertificateFile);
            chain.RemoveAt(0);
            var clientAuthorities = new X509Certificate2Collection();
            if (_options.ClientAuthorityFile is { } authorities)
            {
                clientAuthorities.ImportFromPemFile(authorities);
            }

            var authorityPem = _options.AuthorityFile is { } file ? File.ReadAllText(file) : "";
            return new Loaded(
                stamp, SslStreamCertificateContext.Create(certificate, chain, offline: true), new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero), clientAuthorities, authorityPem);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CertificateException($"The certificate {_options.CertificateFile} with key {_options.KeyFile} cannot be used ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>When the files were written last; a file that is away for a moment has a time of its own.</summary>
    private static string StampOf(TlsOptions options) => string.Join(
        ' ', new[] { options.CertificateFile, options.KeyFile, options.ClientAuthorityFile, options.AuthorityFile }.Select(file => file is null ? 0 : File.GetLastWriteTimeUtc(file).Ticks));

    private sealed record Loaded(
        string Stamp, SslStreamCertificateContext Context, DateTimeOffset NotAfter, X509Certificate2Collection ClientAuthorities, string AuthorityPem);
}
