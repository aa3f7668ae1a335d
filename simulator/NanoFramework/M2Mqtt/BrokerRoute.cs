using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.NanoFramework.Board;

namespace nanoFramework.M2Mqtt;

/// <summary>Where a client connects to, and how.</summary>
sealed record BrokerRoute(string Host, IPAddress Address, int Port, bool Secure, byte[]? CaCertificate, byte[]? ClientCertificate)
{
    public async Task<Stream> Connect(Incarnation incarnation)
    {
        Stream stream = await incarnation.Hardware.Network.Connect(Address, Port, incarnation.PowerLost).ConfigureAwait(false);
        if (!Secure) return stream;
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(TlsOptions(), incarnation.PowerLost).ConfigureAwait(false);
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        return tls;
    }

    /// <summary>TLS 1.2, and nothing but the given CA is trusted, as on the board.</summary>
    SslClientAuthenticationOptions TlsOptions()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        if (CaCertificate is not null) policy.CustomTrustStore.Add(Load(CaCertificate));
        var options = new SslClientAuthenticationOptions { TargetHost = Host, EnabledSslProtocols = SslProtocols.Tls12, CertificateChainPolicy = policy };
        if (ClientCertificate is not null) options.ClientCertificates = [Load(ClientCertificate)];
        return options;
    }

    /// <summary>PEM (with or without the closing zero that mbedTLS wants) or DER.</summary>
    static X509Certificate2 Load(byte[] bytes) =>
        bytes is [(byte)'-', ..] ? X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(bytes).TrimEnd('\0')) : X509CertificateLoader.LoadCertificate(bytes);
}
