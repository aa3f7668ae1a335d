using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Journal
{
    /// <summary>
    /// Reads at boot what the flash holds, as JOURNAL.md says: state file, then both lanes, record by record. It repairs nothing and deletes nothing,
    /// so a cut in the middle of it changes nothing.
    /// </summary>
    public sealed class JournalRecovery
    {
        /// <summary>
        /// How far a lane goes on when the state file is lost: failed appends may have used so many numbers above the last record, and the hub may have been told that
        /// they will not come. A press under one of them would be receipted before it was sent. At one failed append in ten seconds, near three hours of them.
        /// </summary>
        public const int NumbersSkipped = 1024;

        private readonly IFlash _flash;
        private readonly StateFile _file;
        private readonly JournalState _state;
        private readonly Lane _calls;
        private readonly Lane _events;
        private readonly IRandom _random;
        private readonly SignalRecord _replayed = new SignalRecord();

        public JournalRecovery(IFlash flash, StateFile file, JournalState state, Lane calls, Lane events, IRandom random)
        {
            _flash = flash;
            _file = file;
            _state = state;
            _calls = calls;
            _events = events;
            _random = random;
        }

        public void Run(RecoveryReport report)
        {
            string[] names = _flash.List();
            for (int i = 0; i < names.Length; i++)
            {
                int lane = SegmentName.LaneOf(names[i]);
                if (lane == LaneId.Call)
                {
                    _calls.Found(names[i]);
                }
                else if (lane == LaneId.Event)
                {
                    _events.Found(names[i]);
                }
            }

            bool known = _file.TryLoad(_state);
            report.StateLost = !known && (_calls.SegmentCount > 0 || _events.SegmentCount > 0);
            report.StartedEmpty = !known && !report.StateLost;
            uint callsReplayedFrom = _state.CallNext;
            ReplayLane(_calls, report, known, _state.CallEpoch, _state.CallNext, _state.CallAcknowledged, callsReplayedFrom);
            ReplayLane(_events, report, known, _state.EventEpoch, _state.EventNext, _state.EventAcknowledged, 0);
        }

        private void ReplayLane(Lane lane, RecoveryReport report, bool known, uint epoch, uint nextAtLeast, uint acknowledged, uint latchFrom)
        {
            if (epoch == 0)
            {
                epoch = lane.EpochOnFlash();
            }

            lane.Begin(epoch == 0 ? DrawEpoch(_random) : epoch, nextAtLeast);
            for (int i = 0; i < lane.SegmentCount; i++)
            {
                int slots = lane.Scan(i, report);
                for (int slot = 0; slot < slots; slot++)
                {
                    uint seq = lane.FirstOf(i) + (uint)slot;
                    if (!lane.DecodeLoaded(i, seq, _replayed))
                    {
                        report.DamagedRecords++;
                        continue;
                    }

                    report.Records++;
                    if (_replayed.Boot > _state.Boot)
                    {
                        _state.Boot = _replayed.Boot;
                    }

                    if (lane == _calls && seq >= latchFrom)
                    {
                        _state.Follow(_replayed);
                    }
                    else if (lane == _calls)
                    {
                        _state.Recall(_replayed);
                    }
                }
            }

            if (report.StateLost && lane.SegmentCount > 0)
            {
                lane.Skip(NumbersSkipped);
            }

            lane.Resume(known, acknowledged);
        }

        /// <summary>A random number that is not 0: for a lane that begins.</summary>
        public static uint DrawEpoch(IRandom random)
        {
            byte[] bytes = new byte[4];
            uint epoch = 0;
            while (epoch == 0)
            {
                random.Fill(bytes);
                epoch = LittleEndian.Get32(bytes, 0);
            }

            return epoch;
        }
    }
}
