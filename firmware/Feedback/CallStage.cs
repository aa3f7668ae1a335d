namespace Gateway.Firmware.Feedback
{
    /// <summary>How far the latched help call has come, as the presser is told.</summary>
    public static class CallStage
    {
        /// <summary>No call is latched, or its end was shown long enough.</summary>
        public const int Idle = 0;

        /// <summary>Written down here (or, when the journal refused, held in RAM) and not yet with the hub.</summary>
        public const int Journalled = 1;

        /// <summary>As Journalled, for more than 20 s.</summary>
        public const int Undelivered = 2;

        /// <summary>The hub has committed it.</summary>
        public const int Received = 3;

        /// <summary>Taken back; stays open until the station has called back.</summary>
        public const int Cancelled = 4;

        public const int Accepted = 5;
        public const int Dispatched = 6;
        public const int EnRoute = 7;
        public const int OnScene = 8;
        public const int Closed = 9;

        public static string Name(int stage)
        {
            switch (stage)
            {
                case Idle: return "idle";
                case Journalled: return "journalled";
                case Undelivered: return "undelivered";
                case Received: return "received";
                case Cancelled: return "cancelled";
                case Accepted: return "accepted";
                case Dispatched: return "dispatched";
                case EnRoute: return "enRoute";
                case OnScene: return "onScene";
                default: return "closed";
            }
        }
    }
}
