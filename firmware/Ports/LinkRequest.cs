namespace Gateway.Firmware.Ports
{
    /// <summary>All that one connection attempt needs. The will is signed by the core before the attempt (PROTOCOL.md).</summary>
    public sealed class LinkRequest
    {
        /// <summary>IP literal or name; a look-up of a name stops every thread of the board, so literals are preferred.</summary>
        public string Host;

        public int Port;

        /// <summary>TLS 1.2 with the CA below; the certificate is always validated.</summary>
        public bool UseTls;

        /// <summary>PEM of the CA that signed the hub's certificate; null without TLS.</summary>
        public string CaCertificatePem;

        public string ClientId;
        public string User;
        public string Password;
        public int KeepAliveS;
        public string WillTopic;

        /// <summary>ASCII JSON, retained, QoS 1.</summary>
        public string WillMessage;

        /// <summary>Topic filters, all asked for at QoS 1.</summary>
        public string[] Subscriptions;
    }
}
