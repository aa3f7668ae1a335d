using Gateway.Firmware.Journal;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware
{
    /// <summary>Fills the record of a press, cancel or reset and keeps it: in the journal or, when that refuses, in RAM (the volatile lane), with the fault shown.</summary>
    public sealed class CallWriter
    {
        /// <summary>The record that <see cref="Fill"/> filled last; whoever needs another member sets it before <see cref="Keep"/>.</summary>
        public readonly SignalRecord Record = new SignalRecord();

        private readonly SignalJournal _journal;
        private readonly VolatileLane _volatile;
        private readonly WallTime _time;
        private readonly Faults _faults;

        public CallWriter(SignalJournal journal, VolatileLane volatileLane, WallTime time, Faults faults)
        {
            _journal = journal;
            _volatile = volatileLane;
            _time = time;
            _faults = faults;
        }

        public void Fill(CallSlot slot, int kind, int state, int detail, long occurredMs, long nowMs)
        {
            Fill(kind, slot.Zone, state, occurredMs, nowMs);
            Record.Call = IsOfEarlierBoot(slot) ? 0 : slot.Latch.Call;
            Record.Count = slot.Count < 1 ? 1 : slot.Count;
            Record.Detail = detail;
        }

        /// <summary>A record that belongs to no latched call.</summary>
        public void Fill(int kind, int zone, int state, long occurredMs, long nowMs)
        {
            Record.Clear();
            Record.Kind = kind;
            Record.Zone = zone;
            Record.State = state;
            Record.Boot = _journal.Boot;
            Record.UpMs = occurredMs;
            Record.AtMs = _time.At(occurredMs, nowMs);
            Record.Clock = _time.Quality;
        }

        /// <summary>Makes the record durable or, failing that, volatile. A call that neither takes is latched without a number, and is to be tried again. True when it is durable.</summary>
        public bool Keep(CallSlot slot, bool opensCall, long nowMs)
        {
            if (!opensCall && slot.IsVolatile && !IsOfEarlierBoot(slot))
            {
                _volatile.TryAdd(Record, false);
                return false;
            }

            AppendResult result = _journal.AppendCall(Record, opensCall, true);
            Judge(result, slot.Kind == SignalKind.Silent, nowMs);
            slot.IsUnkept = false;
            if (result != AppendResult.Durable)
            {
                if (!opensCall)
                {
                    // In the volatile lane there is no such call: it applies to the newest open call of its zone ([GW-22]).
                    Record.Call = 0;
                }

                bool taken = _volatile.TryAdd(Record, opensCall);
                if (opensCall)
                {
                    // The call itself is in RAM; its latch is made durable at the next quiet moment at which the flash works (I6).
                    slot.IsUnkept = !taken;
                    slot.Latch.LatchVolatile(_volatile.Epoch, taken ? Record.Seq : CallSlot.NoNumber, Record.Test);
                    _journal.SaveSoon();
                }
            }

            return result == AppendResult.Durable;
        }

        /// <summary>Keeps a counted press where its call is. False when it was refused: it stays counted and is tried again; full is said so (I1).</summary>
        public bool KeepRepeat(CallSlot slot, long nowMs)
        {
            if (slot.IsVolatile)
            {
                slot.Latch.Count = slot.Count;
                if (!_volatile.HasRoomForRepeat || !_volatile.TryAdd(Record, false))
                {
                    return false;
                }

                slot.Latch.LastPress = Record.Seq;
                return true;
            }

            AppendResult result = _journal.AppendCall(Record, false, false);
            Judge(result, slot.Kind == SignalKind.Silent, nowMs);
            return result == AppendResult.Durable;
        }

        /// <summary>
        /// Keeps a life-safety signal of a zone: it belongs to no latched call and may not take the place that is reserved for persons. False when journal and RAM
        /// refused it.
        /// </summary>
        public bool KeepAlarm(long nowMs)
        {
            AppendResult result = _journal.AppendCall(Record, false, false);
            Judge(result, false, nowMs);
            return result == AppendResult.Durable || (_volatile.Backlog < VolatileLane.RecordsMax / 2 && _volatile.TryAdd(Record, false));
        }

        /// <summary>A volatile call found latched at boot: its record went with the RAM, and no lane of this boot has its number.</summary>
        public bool IsOfEarlierBoot(CallSlot slot)
        {
            return slot.IsVolatile && slot.Latch.VolatileEpoch != _volatile.Epoch;
        }

        /// <summary>A press on it is counted or kept, and no receipt covers it: whoever ended the call's work at the station did not know of that press.</summary>
        public bool IsPressedAgain(CallSlot slot)
        {
            if (IsOfEarlierBoot(slot))
            {
                return false;
            }

            return slot.RepeatWaits || slot.Latch.LastPress > (slot.IsVolatile ? _volatile.Acknowledged : _journal.Calls.Acknowledged);
        }

        private void Judge(AppendResult result, bool isSilent, long nowMs)
        {
            _faults.Set(FaultId.Journal, result == AppendResult.Failed, isSilent, nowMs);
            _faults.Set(FaultId.CallLaneFull, result == AppendResult.Full, isSilent, nowMs);
        }
    }
}
