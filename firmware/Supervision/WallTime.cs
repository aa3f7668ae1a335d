using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Supervision
{
    /// <summary>Time of day as data. SNTP of this boot is believed first, the hub's time in receipts second, a clock kept from before third; no interval is ever computed from it.</summary>
    public sealed class WallTime
    {
        private readonly IWallClock _wall;
        private bool _hasHubTime;
        private long _hubOffsetMs;

        public WallTime(IWallClock wall)
        {
            _wall = wall;
        }

        public int Quality
        {
            get { return _wall.IsSynchronized ? ClockQuality.Synced : _hasHubTime || _wall.IsKept ? ClockQuality.Estimated : ClockQuality.None; }
        }

        /// <summary>UTC ms of a moment of this boot's monotonic clock; 0 when no clock is known.</summary>
        public long At(long upMs, long nowMs)
        {
            if (_wall.IsSynchronized)
            {
                return _wall.UnixMs - (nowMs - upMs);
            }

            if (_hasHubTime)
            {
                return upMs + _hubOffsetMs;
            }

            return _wall.IsKept ? _wall.UnixMs - (nowMs - upMs) : 0;
        }

        /// <summary>The hub's time, from a receipt that passed all checks. It is late by the way of the message, which is why it is an estimate.</summary>
        public void TakeHubTime(long hubAtMs, long nowMs)
        {
            if (hubAtMs > 0)
            {
                _hubOffsetMs = hubAtMs - nowMs;
                _hasHubTime = true;
            }
        }
    }
}
