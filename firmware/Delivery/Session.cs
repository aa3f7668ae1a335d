using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// The nonce of the newest birth, the nonce that the connection's will carries, and the numbers that rise with each message of a
    /// session. RAM only ([GW-11], [GW-12]).
    /// </summary>
    public sealed class Session
    {
        /// <summary>Two births are at least this far apart ([GW-44]), ms.</summary>
        public const int BirthSpacingMs = 5000;

        private readonly IRandom _random;
        private readonly byte[] _draw = new byte[8];
        private long _receiptN;
        private long _noticeN;
        private long _commandN;

        public Session(IRandom random)
        {
            _random = random;
        }

        /// <summary>The session of the newest birth; that of the next one before it.</summary>
        public string Nonce { get; private set; }

        public string Will { get; private set; }

        /// <summary>The birth of this session was handed to the link: other messages may follow.</summary>
        public bool IsBorn { get; private set; }

        public long BornMs { get; private set; }

        public long HeartbeatN { get; private set; }

        public long ResultN { get; private set; }

        /// <summary>Before a connection: a new nonce, also for its will ([GW-27]).</summary>
        public void Prepare()
        {
            Renew();
            Will = Nonce;
        }

        /// <summary>For another birth in the same connection: a new nonce, the same will ([GW-29]).</summary>
        public void Renew()
        {
            _random.Fill(_draw);
            char[] digits = new char[16];
            for (int i = 0; i < 8; i++)
            {
                digits[2 * i] = (char)Authenticator.HexDigit(_draw[i] >> 4);
                digits[(2 * i) + 1] = (char)Authenticator.HexDigit(_draw[i] & 15);
            }

            Nonce = new string(digits);
            IsBorn = false;
            HeartbeatN = 0;
            ResultN = 0;
            _receiptN = 0;
            _noticeN = 0;
            _commandN = 0;
        }

        public void Born(long nowMs)
        {
            IsBorn = true;
            BornMs = nowMs;
        }

        public void Ended()
        {
            IsBorn = false;
        }

        public long NextHeartbeat()
        {
            return HeartbeatN + 1;
        }

        public void HeartbeatSent()
        {
            HeartbeatN++;
        }

        public long NextResult()
        {
            return ResultN + 1;
        }

        public void ResultSent()
        {
            ResultN++;
        }

        /// <summary>False when the number is not above the last one taken of that kind.</summary>
        public bool TakeReceiptN(long n)
        {
            bool rises = n > _receiptN;
            _receiptN = rises ? n : _receiptN;
            return rises;
        }

        public bool TakeNoticeN(long n)
        {
            bool rises = n > _noticeN;
            _noticeN = rises ? n : _noticeN;
            return rises;
        }

        public bool TakeCommandN(long n)
        {
            bool rises = n > _commandN;
            _commandN = rises ? n : _commandN;
            return rises;
        }
    }
}
