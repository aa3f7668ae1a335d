namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// Notices a connection whose other end vanished without a word while nothing is due from it. Heartbeats keep the client of the library from pinging, so
    /// after three quarters of the keep-alive time without a sign of life it is asked something that any broker answers; after one and a quarter it counts as
    /// dead: 12.5 s of the supervision window of 18 s, metered 75 s of 80 s.
    /// </summary>
    public sealed class LinkProbe
    {
        private readonly object gate = new object();
        private readonly int keepAliveMs;
        private long heardMs;
        private bool asked;

        public LinkProbe(int keepAliveS, long nowMs)
        {
            keepAliveMs = keepAliveS * 1000;
            heardMs = nowMs;
        }

        /// <summary>Anything came from the other end.</summary>
        public void Heard(long nowMs)
        {
            lock (gate)
            {
                heardMs = nowMs;
                asked = false;
            }
        }

        /// <summary>True once per silence: ask now.</summary>
        public bool TakeAsk(long nowMs)
        {
            lock (gate)
            {
                bool ask = !asked && nowMs - heardMs >= keepAliveMs / 4 * 3;
                asked = asked || ask;
                return ask;
            }
        }

        public bool IsDead(long nowMs)
        {
            lock (gate)
            {
                return asked && nowMs - heardMs >= keepAliveMs / 4 * 5;
            }
        }
    }
}
