using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Journal
{
    /// <summary>
    /// The board's memory: two lanes and the state file. Nothing is published before its append has returned, and nothing counts as
    /// delivered before the hub's receipt.
    /// </summary>
    public sealed class SignalJournal
    {
        // 12 + 26 segments and 2 state files are 40 blocks of 4 KB: the 160 KB budget. 38 x 102 records = 3,876.
        public const int CallSegments = 12;
        public const int CallReserveSegments = 1;
        public const int EventSegments = 26;

        /// <summary>The cursor is saved after this many acknowledged records; sending them again after a cut is harmless.</summary>
        public const int CursorLagMax = 64;

        /// <summary>The cursor is saved at least this long after it moved, ms. 10 minutes keep the wear of it below 53,000 writes a year.</summary>
        public const int CursorAgeMsMax = 600000;

        /// <summary>A state that the flash refused is saved again after this, ms: a flash that works again is used soon, a dead one is not hammered.</summary>
        public const int SaveRetryMs = 10000;

        /// <summary>Boots that may have happened unseen when the state file is lost: the boot number jumps by this.</summary>
        public const int BootMargin = 16;

        private readonly Lane _calls;
        private readonly Lane _events;
        private readonly StateFile _file;
        private readonly JournalState _state = new JournalState();
        private readonly IRandom _random;
        private readonly JournalRecovery _recovery;
        private readonly RecoveryReport _report = new RecoveryReport();
        private long _cursorMovedMs = -1;
        private bool _saveSoon;
        private long _saveRetryMs;
        private uint _savedCalls;
        private uint _savedEvents;

        public SignalJournal(IFlash flash, IRandom random)
        {
            _random = random;
            RecordCodec codec = new RecordCodec();
            byte[] segment = new byte[Lane.SegmentBytes];
            _calls = new Lane(LaneId.Call, CallSegments, CallReserveSegments, false, flash, codec, segment);
            _events = new Lane(LaneId.Event, EventSegments, 0, true, flash, codec, segment);
            _file = new StateFile(flash, codec);
            _recovery = new JournalRecovery(flash, _file, _state, _calls, _events, random);
        }

        public Lane Calls
        {
            get { return _calls; }
        }

        public Lane Events
        {
            get { return _events; }
        }

        public LatchedCall Help
        {
            get { return _state.Help; }
        }

        public LatchedCall Silent
        {
            get { return _state.Silent; }
        }

        public uint Boot
        {
            get { return _state.Boot; }
        }

        /// <summary>The marker that the boot before left: a <see cref="Supervision.RestartReason"/>, 0 for none.</summary>
        public int FoundMarker { get; private set; }

        /// <summary>How many boots before this one ended early.</summary>
        public int FoundShortBoots { get; private set; }

        public RecoveryReport Report
        {
            get { return _report; }
        }

        /// <summary>
        /// Reads what is there and opens this boot. Bounded: one listing, at most <see cref="ReadsMax"/> reads, one write. It repairs
        /// nothing and deletes nothing, so a cut in the middle of it changes nothing.
        /// </summary>
        public void Recover()
        {
            _recovery.Run(_report);
            OpenBoot();
        }

        /// <summary>Reads of a recovery at most: two of the state file's copies twice, each segment twice when the epoch must be searched.</summary>
        public static int ReadsMax
        {
            get { return 3 + (2 * (CallSegments + EventSegments + (2 * Lane.SpareSegments))); }
        }

        /// <summary>Appends to the call lane. <see cref="Help"/> and <see cref="Silent"/> follow what became durable.</summary>
        public AppendResult AppendCall(SignalRecord record, bool opensCall, bool isPersonsCall)
        {
            if (!SavedBeforeDelete(_calls))
            {
                return AppendResult.Failed;
            }

            AppendResult result = _calls.Append(record, opensCall, isPersonsCall);
            if (result == AppendResult.Durable)
            {
                _state.Follow(record);
            }

            Burnt(result);
            return result;
        }

        public AppendResult AppendEvent(SignalRecord record)
        {
            if (!SavedBeforeDelete(_events))
            {
                return AppendResult.Failed;
            }

            AppendResult result = _events.Append(record, false, true);
            Burnt(result);
            return result;
        }

        /// <summary>Moves a lane's cursor after a receipt. It is saved lazily, see <see cref="Tidy"/>.</summary>
        public void Acknowledge(Lane lane, uint through, long nowMs)
        {
            uint before = lane.Acknowledged;
            lane.Acknowledge(through);
            if (lane.Acknowledged != before && _cursorMovedMs < 0)
            {
                _cursorMovedMs = nowMs;
            }
        }

        /// <summary>Housekeeping for a quiet moment, at most one flash operation: saves an old cursor, then makes room ahead of need.</summary>
        public void Tidy(long nowMs)
        {
            uint lag = (_calls.Acknowledged - _savedCalls) + (_events.Acknowledged - _savedEvents);
            bool isDue = _saveSoon || (_cursorMovedMs >= 0 && (lag >= CursorLagMax || nowMs - _cursorMovedMs >= CursorAgeMsMax));
            if (isDue && nowMs >= _saveRetryMs)
            {
                if (!Save())
                {
                    _saveRetryMs = nowMs + SaveRetryMs;
                }

                return;
            }

            if (MayDelete(_calls) && _calls.TidyOne())
            {
                return;
            }

            if (MayDelete(_events))
            {
                _events.TidyOne();
            }
        }

        /// <summary>When <see cref="Tidy"/>, having found nothing to do, next has; long.MaxValue when never, ms.</summary>
        public long TidyDueMs
        {
            get
            {
                long due = _saveSoon ? _saveRetryMs : _cursorMovedMs >= 0 ? _cursorMovedMs + CursorAgeMsMax : long.MaxValue;
                return due < _saveRetryMs ? _saveRetryMs : due;
            }
        }

        /// <summary>The state changed by something that is no record: save it at the next quiet moment.</summary>
        public void SaveSoon()
        {
            _saveSoon = true;
        }

        /// <summary>This boot goes on under the next number: the hub knows its number from a boot of which the flash kept no trace ([GW-13]).</summary>
        public void SkipBoot()
        {
            _state.Boot++;

            // A cut before it is written: nobody has heard of the number, and the next boot may have it. Refused, the board is heard all the same, and it is written
            // when the flash works again.
            Save();
        }

        /// <summary>The state file knows all that is no record.</summary>
        public bool IsStateSaved
        {
            get { return !_saveSoon; }
        }

        /// <summary>Saves the state now. False when the flash refused.</summary>
        public bool SaveState()
        {
            return Save();
        }

        /// <summary>Leaves a marker for the next boot, with the cursor. False when it could not be written.</summary>
        public bool SaveMarker(int restartReason)
        {
            _state.Marker = restartReason;
            if (restartReason == Supervision.RestartReason.Orderly)
            {
                // A restart that a person asked for is no crash.
                _state.ShortBoots = 0;
            }

            return Save();
        }

        /// <summary>The board has run long enough: the boots before no longer count as a crash loop.</summary>
        public void ForgetShortBoots()
        {
            if (_state.ShortBoots != 0)
            {
                _state.ShortBoots = 0;
                Save();
            }
        }

        private void OpenBoot()
        {
            FoundMarker = _state.Marker;
            FoundShortBoots = _state.ShortBoots;
            _state.Boot += _report.StateLost ? (uint)BootMargin : 1;
            _state.Marker = 0;
            if (_state.ShortBoots < 255)
            {
                _state.ShortBoots++;
            }

            // The epochs and the boot number are durable before anything is told to anyone under them.
            _report.StateNotSaved = !Save();
        }

        private bool Save()
        {
            _state.CallEpoch = _calls.Epoch;
            _state.EventEpoch = _events.Epoch;
            _state.CallAcknowledged = _calls.Acknowledged;
            _state.EventAcknowledged = _events.Acknowledged;
            _state.CallNext = _calls.Next;
            _state.EventNext = _events.Next;
            if (!_file.Save(_state))
            {
                _saveSoon = true;
                return false;
            }

            _cursorMovedMs = -1;
            _saveSoon = false;
            _calls.Settle();
            _events.Settle();
            _savedCalls = _calls.Acknowledged;
            _savedEvents = _events.Acknowledged;
            return true;
        }

        /// <summary>A failed append used a number and left no record: the state file must know of it before the hub may ([GW-18]).</summary>
        private void Burnt(AppendResult result)
        {
            _saveSoon = _saveSoon || result == AppendResult.Failed;
        }

        /// <summary>A segment may go only after the state file has its cursor and the latch that its records made.</summary>
        private bool SavedBeforeDelete(Lane lane)
        {
            return !lane.NeedsRoom || Save();
        }

        /// <summary>A random number that is not 0: for a lane that begins.</summary>
        public uint DrawEpoch()
        {
            return JournalRecovery.DrawEpoch(_random);
        }

        private bool MayDelete(Lane lane)
        {
            // A saved cursor past the segment means that the saved latch knows its records, too.
            return (lane == _calls ? _savedCalls : _savedEvents) == lane.Acknowledged;
        }
    }
}
