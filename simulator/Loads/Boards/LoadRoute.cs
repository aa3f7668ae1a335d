using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Loads.Boards;

/// <summary>How boards reach the hub: plain TCP, or TLS under an authority.</summary>
/// <param name="CaPem">PEM of the authority to trust; null for plain TCP.</param>
public sealed record LoadRoute(string Host, int Port, string? CaPem = null)
{
    /// <summary>A send that the hub's side does not take for so long ends the connection.</summary>
    private const int SendTimeoutMs = 10_000;

    internal async Task<Stream> OpenAsync(CancellationToken cancellation)
    {
        var tcp = new TcpClient { NoDelay = true, SendTimeout = SendTimeoutMs };
        try
        {
            await tcp.ConnectAsync(Host, Port, cancellation);
            return CaPem is null ? tcp.GetStream() : await SecureAsync(tcp.GetStream(), cancellation);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    private async Task<Stream> SecureAsync(Stream plain, CancellationToken cancellation)
    {
        var tls = new SslStream(plain);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = Host, CertificateChainPolicy = Trust(CaPem!) }, cancellation);
        return tls;
    }

    /// <summary>Trusts this authority and nobody else.</summary>
    internal static X509ChainPolicy Trust(string authorityPem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authorityPem);
        return policy;
    }
}
