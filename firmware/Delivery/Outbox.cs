using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Delivery
{
    /// <summary>
    /// A cursor over one lane: what was handed to the link in this session and is not receipted yet. It stores nothing; after a reconnect,
    /// or when receipts stay away, it starts again after the last receipt ([GW-15]).
    /// </summary>
    public sealed class Outbox
    {
        /// <summary>Messages in flight per lane ([GW-15]).</summary>
        public const int WindowMax = 16;

        /// <summary>Without a receipt that advances the lane for this long, everything in flight is sent again ([GW-15]).</summary>
        public const int ResendMs = 5000;

        private readonly IRecordSource _source;
        private readonly PayloadWriter _writer;
        private readonly Topic _topic;
        private readonly SignalRecord _record = new SignalRecord();
        private readonly uint[] _inFlight = new uint[WindowMax];
        private int _inFlightCount;
        private uint _sent;
        private long _progressMs;

        public Outbox(IRecordSource source, PayloadWriter writer, Topic topic)
        {
            _source = source;
            _writer = writer;
            _topic = topic;
        }

        public IRecordSource Source
        {
            get { return _source; }
        }

        public int InFlight
        {
            get { return _inFlightCount; }
        }

        /// <summary>True when there is something that a receipt has not covered.</summary>
        public bool HasBacklog
        {
            get { return _source.Next - 1 > _source.Acknowledged; }
        }

        /// <summary>When it wants to be pumped again although nothing happens: the resend time; long.MaxValue when nothing is in flight.</summary>
        public long DueMs
        {
            get { return _inFlightCount == 0 ? long.MaxValue : _progressMs + ResendMs; }
        }

        /// <summary>Starts again after the last receipt.</summary>
        public void Restart()
        {
            _sent = _source.Acknowledged;
            _inFlightCount = 0;
        }

        /// <summary>Hands over at most <paramref name="messagesMax"/> messages.</summary>
        /// <returns>True when it stopped at that number or because the link is busy: there may be more to send at once.</returns>
        public bool Pump(ILink link, long nowMs, int messagesMax)
        {
            if (_inFlightCount > 0 && nowMs - _progressMs >= ResendMs)
            {
                Restart();
            }

            for (int sent = 0; _inFlightCount < WindowMax && _sent < _source.Next - 1; sent++)
            {
                if (sent == messagesMax)
                {
                    return true;
                }

                if (!WriteNext(out uint last))
                {
                    return false;
                }

                if (!link.TryPublish(_topic.Name, _writer.Buffer, _writer.Count, true, false))
                {
                    return true;
                }

                if (_inFlightCount == 0)
                {
                    _progressMs = nowMs;
                }

                _inFlight[_inFlightCount++] = last;
                _sent = last;
            }

            return false;
        }

        /// <summary>Follows a receipt that the lane has taken.</summary>
        public void Receipted(long nowMs)
        {
            uint through = _source.Acknowledged;
            int gone = 0;
            while (gone < _inFlightCount && _inFlight[gone] <= through)
            {
                gone++;
            }

            for (int i = gone; i < _inFlightCount; i++)
            {
                _inFlight[i - gone] = _inFlight[i];
            }

            _inFlightCount -= gone;
            if (gone > 0)
            {
                _progressMs = nowMs;
            }

            if (_sent < through)
            {
                _sent = through;
            }
        }

        /// <summary>Writes the record after the last sent one, or the gap in front of it. False when nothing can be said yet.</summary>
        private bool WriteNext(out uint last)
        {
            uint next = _sent + 1;
            if (_source.TryRead(next, _record))
            {
                last = next;
                SignalPayload.Write(_writer, _topic, _source.Id, _source.Epoch, _record);
                return true;
            }

            uint readable = _source.FindReadable(next);
            last = readable - 1;
            if (readable <= next)
            {
                // Only burnt numbers follow: they are a gap as soon as the flash knows them as used, by a record above them or by the state file.
                return false;
            }

            SignalPayload.WriteGap(_writer, _topic, _source.Id, _source.Epoch, next, last);
            return true;
        }
    }
}
