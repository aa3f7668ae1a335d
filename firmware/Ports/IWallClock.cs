namespace Gateway.Firmware.Ports
{
    /// <summary>The wall clock as the network set it. It may be unset after a boot and may jump when SNTP lands.</summary>
    public interface IWallClock
    {
        /// <summary>True once SNTP (or another trusted source) has set the clock in this boot.</summary>
        bool IsSynchronized { get; }

        /// <summary>The clock runs on from before this boot and nothing has set it in this one: an estimate. Never true together with <see cref="IsSynchronized"/>.</summary>
        bool IsKept { get; }

        /// <summary>UTC in milliseconds since 1970-01-01; meaningful only when <see cref="IsSynchronized"/> or <see cref="IsKept"/>.</summary>
        long UnixMs { get; }
    }
}
