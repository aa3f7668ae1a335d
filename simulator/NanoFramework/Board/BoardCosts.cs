namespace Gateway.NanoFramework.Board;

/// <summary>How long native calls stop the interpreter of a virtual board, ms. Zero is a board without stalls.</summary>
/// <param name="EraseMs">One erase of a 4 KB flash block.</param>
/// <param name="NameLookupMs">Resolving a host name; a literal costs nothing.</param>
/// <param name="TlsHandshakeMs">One TLS handshake.</param>
public sealed record BoardCosts(int EraseMs, int NameLookupMs, int TlsHandshakeMs)
{
    public static BoardCosts None { get; } = new(0, 0, 0);

    /// <summary>Typical of an ESP32: 50 ms per erase (SPI flash data sheets), 100 ms for a look-up in the local network, 1.5 s for a handshake.</summary>
    public static BoardCosts Typical { get; } = new(50, 100, 1500);

    /// <summary>The worst that the design counts with: 400 ms per erase, a look-up that times out after 5 s, 4 s for a handshake.</summary>
    public static BoardCosts Worst { get; } = new(400, 5000, 4000);
}
