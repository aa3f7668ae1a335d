using Gateway.Firmware.Configuration;
using Gateway.Firmware.Delivery;
using Gateway.Firmware.Feedback;
using Gateway.Firmware.Journal;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware
{
    /// <summary>
    /// Takes presses and makes them durable: journal first, RAM (the volatile lane) when the journal refuses, never nothing. Owns the latch
    /// of the help and of the silent call, the bound on repeated presses, cancel and reset.
    /// </summary>
    public sealed class CallDesk
    {
        public const int HelpZone = 1;
        public const int SilentZone = 2;

        /// <summary>Repeated presses of one call are sent at most this often ([GW-21]), ms.</summary>
        public const int RepeatMs = 10000;

        public const int CountMax = 65535;

        /// <summary>The reason that leaves the call as it is ([GW-40]).</summary>
        public const string PressedAgain = "pressed-again";

        /// <summary>The latch is over, and the flash has refused to keep that: a power cut would bring it back ([GW-40]).</summary>
        public const string NotDurable = "not-durable";

        private readonly GatewaySettings _settings;
        private readonly SignalJournal _journal;
        private readonly VolatileLane _volatile;
        private readonly CallWriter _writer;
        private readonly CallView _view;
        private readonly CallSlot _help;
        private readonly CallSlot _silent;
        private bool _hurry;

        public CallDesk(GatewaySettings settings, SignalJournal journal, VolatileLane volatileLane, WallTime time, Faults faults, CallView view)
        {
            _settings = settings;
            _journal = journal;
            _volatile = volatileLane;
            _writer = new CallWriter(journal, volatileLane, time, faults);
            _view = view;
            _help = new CallSlot(SignalKind.Help, HelpZone, journal.Help);
            _silent = new CallSlot(SignalKind.Silent, SilentZone, journal.Silent);
        }

        public CallSlot Help
        {
            get { return _help; }
        }

        public CallSlot Silent
        {
            get { return _silent; }
        }

        /// <summary>A call was made durable or volatile since this was last asked: connect at once.</summary>
        public bool TakeHurry()
        {
            bool hurry = _hurry;
            _hurry = false;
            return hurry;
        }

        /// <summary>What a person left latched before this boot is latched again (I6).</summary>
        public void ResumeAfterBoot(long nowMs)
        {
            _help.Count = _journal.Help.Count;
            _silent.Count = _journal.Silent.Count;
            _help.SentMs = nowMs;
            _silent.SentMs = nowMs;
            _help.PressedMs = long.MinValue;
            FinishIfVolatile(_help);
            FinishIfVolatile(_silent);
            if (_journal.Help.Call != 0)
            {
                _view.Begin(!_help.IsVolatile, nowMs, nowMs);
                FollowReceipts(nowMs);
            }
        }

        public void PressHelp(long pressedMs, bool test, long nowMs)
        {
            Press(_help, pressedMs, test, nowMs);
        }

        public void PressSilent(long pressedMs, bool test, long nowMs)
        {
            Press(_silent, pressedMs, test, nowMs);
        }

        /// <summary>A life-safety signal of a zone: journal first, RAM when that refuses. False when neither took it; it is then to come again.</summary>
        public bool Alarm(int kind, int zone, int state, int count, int value, bool test, long occurredMs, long nowMs)
        {
            _writer.Fill(kind, zone, state, occurredMs, nowMs);
            _writer.Record.Count = count;
            _writer.Record.Value = value;
            _writer.Record.Test = test;

            // A cut before the append returns: nobody was told; the sensor is read again at the next boot. After it: replay sends it.
            bool isKept = _writer.KeepAlarm(nowMs);
            _hurry = _hurry || isKept;
            return isKept;
        }

        /// <summary>Takes the help call back. False (and nothing happens) when there is none, or its window has passed.</summary>
        public bool Cancel(long nowMs)
        {
            bool inWindow = _help.PressedMs != long.MinValue && nowMs - _help.PressedMs <= _settings.CancelWindowS * 1000L;
            if (!_help.IsLatched || _help.IsFinished || !inWindow)
            {
                return false;
            }

            SendRepeatNow(_help, nowMs);
            if (!_help.IsUnkept)
            {
                _writer.Fill(_help, SignalKind.Cancel, SignalState.Normal, SignalDetail.None, nowMs, nowMs);
                _writer.Record.Test = _help.IsTest;
                _hurry = true;
                _writer.Keep(_help, false, nowMs);
            }

            _help.Finish();
            return true;
        }

        /// <summary>A person turned the key: the help call's latch ends. False when nothing was latched.</summary>
        public bool ResetByKey(long nowMs)
        {
            if (!_help.IsLatched)
            {
                return false;
            }

            Reset(_help, SignalDetail.Key, nowMs);
            return true;
        }

        /// <summary>The hub's command: ends this latched call and no other.</summary>
        /// <returns>Empty when it ended; else the reason of [GW-40].</returns>
        public string ResetByCommand(int lane, uint epoch, uint seq, long nowMs)
        {
            CallSlot slot = IsLatchedIn(_help, lane, epoch, seq) ? _help : IsLatchedIn(_silent, lane, epoch, seq) ? _silent : null;
            if (slot == null)
            {
                return _journal.IsStateSaved || _journal.SaveState() ? "not-latched" : NotDurable;
            }

            if (_writer.IsPressedAgain(slot))
            {
                // Somebody is to hear of that press first: the end of its work asks again.
                return PressedAgain;
            }

            return Reset(slot, SignalDetail.Command, nowMs) ? "" : NotDurable;
        }

        /// <summary>The hub's word on a call. False when it is not about the latched help call; a silent call is never shown ([GW-38]).</summary>
        public bool Notice(int lane, uint epoch, uint seq, int stage, long nowMs)
        {
            if (!IsLatchedIn(_help, lane, epoch, seq))
            {
                return false;
            }

            if (stage == CallStage.Closed)
            {
                if (_writer.IsPressedAgain(_help))
                {
                    // The close knows nothing of that press, which opens its own incident at the hub: nothing ends here.
                    return true;
                }

                _help.Finish();
                _journal.SaveSoon();
            }

            if (_writer.IsOfEarlierBoot(_help))
            {
                // Its receipt can no longer come; that the hub speaks of this very call says that it has it.
                MarkReceived(nowMs);
            }

            _view.Noticed(stage, nowMs);
            return true;
        }

        /// <summary>Looks whether a receipt has covered the latched press.</summary>
        public void FollowReceipts(long nowMs)
        {
            LatchedCall latch = _help.Latch;
            if (!_help.IsLatched)
            {
                return;
            }

            if (!_help.IsVolatile)
            {
                if (_journal.Calls.Acknowledged >= latch.Call)
                {
                    _view.Received(nowMs);
                }
            }
            else if (latch.Received || (!_writer.IsOfEarlierBoot(_help) && _volatile.Acknowledged >= latch.Call))
            {
                MarkReceived(nowMs);
            }
        }

        /// <summary>Sends the counted presses whose time has come.</summary>
        public void Tick(long nowMs)
        {
            SendRepeat(_help, nowMs);
            SendRepeat(_silent, nowMs);
        }

        /// <summary>When <see cref="Tick"/> has something to do; long.MaxValue when nothing waits.</summary>
        public long DueMs
        {
            get
            {
                long help = _help.RepeatWaits ? _help.SentMs + RepeatMs : long.MaxValue;
                long silent = _silent.RepeatWaits ? _silent.SentMs + RepeatMs : long.MaxValue;
                return help < silent ? help : silent;
            }
        }

        private void Press(CallSlot slot, long pressedMs, bool test, long nowMs)
        {
            bool isOpen = slot.IsLatched && !slot.IsFinished;
            if (isOpen && (!slot.IsTest || test))
            {
                // Under test, too, a press on a real call belongs to it ([GW-47]): its lamps stay what somebody looks at who waits for help.
                if (slot.Count < CountMax)
                {
                    slot.Count++;
                }

                slot.RepeatWaits = true;
                slot.RepeatPressedMs = pressedMs;
                SendRepeat(slot, nowMs);
                return;
            }

            slot.Count = 1;
            slot.RepeatWaits = false;
            slot.PressedMs = nowMs;
            slot.OpenedMs = pressedMs;
            slot.SentMs = nowMs;

            // A cut before the append returns: the press was never shown as noted. After it: replay latches and sends it.
            Open(slot, test, nowMs);
            if (slot == _help)
            {
                _view.Begin(!slot.IsVolatile, nowMs, nowMs);
            }
        }

        /// <summary>Keeps the call with all that is counted on it, and its first press as the moment. Refused by journal and RAM, it waits for the next try.</summary>
        private void Open(CallSlot slot, bool test, long nowMs)
        {
            _writer.Fill(slot, slot.Kind, SignalState.Alarm, SignalDetail.None, slot.OpenedMs, nowMs);
            _writer.Record.Test = test;
            _writer.Record.Call = 0;
            _hurry = true;
            _writer.Keep(slot, true, nowMs);
            slot.Latch.Count = slot.Count;
            slot.RepeatWaits = slot.IsUnkept;
        }

        private void SendRepeat(CallSlot slot, long nowMs)
        {
            if (!slot.RepeatWaits || nowMs - slot.SentMs < RepeatMs)
            {
                return;
            }

            slot.SentMs = nowMs;
            if (slot.IsUnkept)
            {
                Open(slot, slot.IsTest, nowMs);
                if (slot == _help && !slot.IsVolatile)
                {
                    _view.MadeDurable();
                }

                return;
            }

            _writer.Fill(slot, slot.Kind, SignalState.Alarm, SignalDetail.None, slot.RepeatPressedMs, nowMs);
            _writer.Record.Test = slot.IsTest;
            slot.RepeatWaits = !_writer.KeepRepeat(slot, nowMs);
            _hurry = true;
        }

        /// <summary>Sends counted presses before the call they were made on ends: the rate bound may delay a press, never drop it.</summary>
        private void SendRepeatNow(CallSlot slot, long nowMs)
        {
            slot.SentMs = nowMs - RepeatMs;
            SendRepeat(slot, nowMs);
            if (slot.RepeatWaits)
            {
                // The flash refused it, and the call ends here: there is no next time. Refused again, its number is told as missing.
                slot.SentMs = nowMs - RepeatMs;
                SendRepeat(slot, nowMs);
            }
        }

        /// <summary>Ends the latch. False when a power cut would bring it back.</summary>
        private bool Reset(CallSlot slot, int detail, long nowMs)
        {
            SendRepeatNow(slot, nowMs);
            bool isDurable = false;
            bool wasVolatile = slot.IsVolatile;
            if (!slot.IsUnkept)
            {
                _writer.Fill(slot, SignalKind.Reset, SignalState.Normal, detail, nowMs, nowMs);
                _writer.Record.Test = slot.IsTest;

                // A cut before the append returns: the call is still latched after the boot, and the key has to be turned again.
                _hurry = true;
                isDurable = _writer.Keep(slot, false, nowMs) && !wasVolatile;
            }

            slot.Clear();
            if (!isDurable)
            {
                // No record tells the next boot that this latch ended: only the state file can. Refused, it is saved again by Tidy.
                isDurable = _journal.SaveState();
            }

            if (slot == _help)
            {
                _view.Reset(detail == SignalDetail.Key, nowMs);
            }

            return isDurable;
        }

        private bool IsLatchedIn(CallSlot slot, int lane, uint epoch, uint seq)
        {
            return seq != 0
                && !slot.IsUnkept
                && seq == slot.Latch.Call
                && lane == (slot.IsVolatile ? LaneId.Volatile : LaneId.Call)
                && epoch == (slot.IsVolatile ? slot.Latch.VolatileEpoch : _journal.Calls.Epoch);
        }

        /// <summary>At boot: no record of this boot can name the call, and perhaps the hub never got it, so that the next press is a new call.</summary>
        private static void FinishIfVolatile(CallSlot slot)
        {
            if (slot.IsVolatile)
            {
                slot.Finish();
            }
        }

        private void MarkReceived(long nowMs)
        {
            if (!_help.Latch.Received)
            {
                _help.Latch.Received = true;
                _journal.SaveSoon();
            }

            _view.Received(nowMs);
        }
    }
}
