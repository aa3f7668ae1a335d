namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// How long the oldest unreceipted record of a lane has been waiting, as far as this boot has seen it: since the cursor last moved or
    /// the backlog began. Looked at with each heartbeat, so it is short by at most one heartbeat.
    /// </summary>
    public sealed class BacklogAge
    {
        private uint _acknowledged;
        private bool _waits;
        private long _sinceMs;

        public long Seconds(uint acknowledged, uint backlog, long nowMs)
        {
            if (backlog == 0)
            {
                _waits = false;
                return 0;
            }

            if (!_waits || acknowledged != _acknowledged)
            {
                _waits = true;
                _acknowledged = acknowledged;
                _sinceMs = nowMs;
            }

            return (nowMs - _sinceMs) / 1000;
        }
    }
}
