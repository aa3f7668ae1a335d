using Gateway.Firmware.Journal;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    [TestClass]
    public class JournalTests
    {
        [TestMethod]
        public void What_was_appended_is_read_back_after_a_reboot()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            for (int i = 0; i < 250; i++)
            {
                Assert.IsTrue(AppendEvent(journal, i) == AppendResult.Durable);
            }

            SignalRecord record = new SignalRecord();
            SignalJournal again = Open(flash, 2);
            Assert.AreEqual(251u, again.Events.Next);
            Assert.AreEqual(250, again.Report.Records);
            Assert.IsFalse(again.Report.HasDamage);
            Assert.AreEqual(journal.Events.Epoch, again.Events.Epoch);
            Assert.AreEqual(2u, again.Boot);
            for (uint seq = 1; seq <= 250; seq++)
            {
                Assert.IsTrue(again.Events.TryRead(seq, record));
                Assert.AreEqual((int)seq - 1, record.Value);
            }
        }

        [TestMethod]
        public void Replay_skips_a_torn_last_record_and_reports_it_I5()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            AppendCall(journal, true);
            AppendCall(journal, true);
            byte[] whole = flash.Content("c-00000001");
            byte[] torn = new byte[whole.Length - 7];
            System.Array.Copy(whole, torn, torn.Length);
            flash.Replace("c-00000001", torn);

            SignalJournal again = Open(flash, 2);
            Assert.AreEqual(1, again.Report.Records);
            Assert.AreEqual(1, again.Report.DamagedRecords);
            Assert.AreEqual(3u, again.Calls.Next, "the torn number is not used again");
            AppendCall(again, true);
            SignalRecord record = new SignalRecord();
            Assert.IsTrue(again.Calls.TryRead(3, record));
            Assert.IsFalse(again.Calls.TryRead(2, record));
            Assert.AreEqual(3u, again.Calls.FindReadable(2), "2 is a gap");
        }

        [TestMethod]
        public void A_flipped_bit_costs_one_record_and_is_reported_I5()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            for (int i = 0; i < 10; i++)
            {
                AppendEvent(journal, i);
            }

            flash.Content("e-00000001")[16 + (40 * 4) + 9] ^= 0x10;
            SignalJournal again = Open(flash, 2);
            SignalRecord record = new SignalRecord();
            Assert.AreEqual(9, again.Report.Records);
            Assert.AreEqual(1, again.Report.DamagedRecords);
            Assert.IsFalse(again.Events.TryRead(5, record));
            Assert.AreEqual(6u, again.Events.FindReadable(5));
        }

        [TestMethod]
        public void The_lanes_hold_at_least_3000_unacknowledged_records_within_160_KB()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            int calls = 0;
            while (AppendCall(journal, true) == AppendResult.Durable)
            {
                calls++;
            }

            for (int i = 0; i < 5000; i++)
            {
                AppendEvent(journal, i);
            }

            uint events = journal.Events.Next - journal.Events.Oldest;
            Assert.IsTrue(calls + events >= 3000, "records: " + calls.ToString() + " + " + events.ToString());
            Assert.IsTrue(flash.Bytes <= 160 * 1024, "bytes: " + flash.Bytes.ToString());
            Assert.IsTrue(flash.List().Length <= 40, "blocks");
        }

        [TestMethod]
        public void The_call_lane_never_evicts_and_says_that_it_is_full_I1()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            while (AppendCall(journal, true) == AppendResult.Durable)
            {
            }

            uint next = journal.Calls.Next;
            Assert.IsTrue(AppendCall(journal, true) == AppendResult.Full);
            Assert.AreEqual(next, journal.Calls.Next, "a refused record takes no number");
            Assert.AreEqual(1u, journal.Calls.Oldest);
            journal.Acknowledge(journal.Calls, 102, 0);
            Assert.IsTrue(AppendCall(journal, true) == AppendResult.Durable, "an acknowledged segment makes room");
            Assert.AreEqual(103u, journal.Calls.Oldest);
        }

        [TestMethod]
        public void The_last_call_segment_is_kept_for_calls_of_persons()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            while (AppendCall(journal, false) == AppendResult.Durable)
            {
            }

            Assert.AreEqual(1u + (11 * 102), journal.Calls.Next);
            Assert.IsTrue(AppendCall(journal, true) == AppendResult.Durable);
        }

        [TestMethod]
        public void An_evicted_segment_of_events_is_a_gap_GW18()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            for (int i = 0; i < (26 * 102) + 1; i++)
            {
                AppendEvent(journal, i);
            }

            SignalRecord record = new SignalRecord();
            Assert.AreEqual(103u, journal.Events.Oldest);
            Assert.AreEqual(1, journal.Events.EvictedSegments);
            Assert.IsFalse(journal.Events.TryRead(1, record));
            Assert.AreEqual(103u, journal.Events.FindReadable(1));
        }

        [TestMethod]
        public void A_latched_call_survives_the_deletion_of_its_record_I6()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            AppendCall(journal, true);
            SignalRecord repeat = Record(SignalKind.Help, SignalState.Alarm);
            for (int i = 0; i < 1300; i++)
            {
                repeat.Call = 1;
                repeat.Count = i + 2;
                Assert.IsTrue(journal.AppendCall(repeat, false, false) == AppendResult.Durable, "record " + i.ToString());
                journal.Acknowledge(journal.Calls, journal.Calls.Next - 1, 0);
            }

            Assert.IsTrue(journal.Calls.Oldest > 1, "the first press is gone");
            SignalJournal again = Open(flash, 2);
            Assert.AreEqual(1u, again.Help.Call);
            Assert.AreEqual(1301, again.Help.Count);
        }

        [TestMethod]
        public void A_lost_state_file_is_reported_and_costs_no_record_I5()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            AppendCall(journal, true);
            flash.Delete("state-a");
            flash.Delete("state-b");

            SignalJournal again = Open(flash, 2);
            Assert.IsTrue(again.Report.StateLost);
            Assert.AreEqual(journal.Calls.Epoch, again.Calls.Epoch, "from the segment's header");
            Assert.AreEqual(1u, again.Help.Call);
            Assert.IsTrue(again.Boot > journal.Boot);
            Assert.AreEqual(0u, again.Calls.Acknowledged);
        }

        /// <summary>The hub has accounted for the number, and its receipts would cover a press that has it before it is sent.</summary>
        [TestMethod]
        public void A_press_behind_a_lost_state_file_has_no_number_that_was_told_as_a_gap_I1_I3()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            AppendCall(journal, true);
            flash.FailWrites = 1;
            Assert.IsTrue(AppendCall(journal, true) == AppendResult.Failed);
            journal.Tidy(50);
            Assert.AreEqual(3u, journal.Calls.FindReadable(2), "number 2 is told as a gap");
            flash.Delete("state-a");
            flash.Delete("state-b");

            SignalJournal again = Open(flash, 2);
            Assert.AreEqual(2u + JournalRecovery.NumbersSkipped, again.Calls.Next);
            AppendCall(again, true);
            Assert.AreEqual(again.Calls.Next - 1, again.Help.Call);
            Assert.AreEqual(again.Help.Call, again.Calls.FindReadable(2), "what lies between is a gap");
        }

        [TestMethod]
        public void A_boot_number_that_the_flash_refused_is_saved_as_soon_as_it_works_again_GW13()
        {
            FakeFlash flash = new FakeFlash();
            Open(flash, 1);
            flash.FailWrites = 2;
            SignalJournal journal = Open(flash, 2);
            Assert.IsTrue(journal.Report.StateNotSaved);
            journal.Tidy(50);
            Assert.AreEqual(0, flash.FailWrites, "tried again at once");
            int writes = flash.Writes;
            journal.Tidy(50 + SignalJournal.SaveRetryMs - 1);
            Assert.AreEqual(writes, flash.Writes, "but a flash that still fails is left alone for a while");
            journal.Tidy(50 + SignalJournal.SaveRetryMs);
            Assert.AreEqual(journal.Boot + 1, Open(flash, 3).Boot);
        }

        [TestMethod]
        public void A_burnt_last_number_is_a_gap_once_the_state_file_knows_it_GW18()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            flash.FailWrites = 1;
            Assert.IsTrue(AppendEvent(journal, 1) == AppendResult.Failed);
            Assert.AreEqual(2u, journal.Events.Next);
            Assert.AreEqual(1u, journal.Events.FindReadable(1), "nothing can be said of it yet");
            Assert.AreEqual(1u, journal.Events.Oldest);
            journal.Tidy(50);
            Assert.AreEqual(2u, journal.Events.FindReadable(1));
            Assert.AreEqual(2u, journal.Events.Oldest);
            Assert.AreEqual(2u, Open(flash, 2).Events.Next, "and no later boot uses it again");
        }

        [TestMethod]
        public void A_flash_that_came_back_empty_begins_new_epochs_GW23()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            AppendCall(journal, true);
            flash.Wipe();

            SignalJournal again = Open(flash, 2);
            Assert.IsTrue(again.Report.StartedEmpty);
            Assert.AreNotEqual(journal.Calls.Epoch, again.Calls.Epoch);
            Assert.AreNotEqual(again.Calls.Epoch, again.Events.Epoch);
        }

        [TestMethod]
        public void Recovery_reads_at_most_its_bound()
        {
            FakeFlash flash = new FakeFlash();
            SignalJournal journal = Open(flash, 1);
            while (AppendCall(journal, true) == AppendResult.Durable)
            {
            }

            for (int i = 0; i < 3000; i++)
            {
                AppendEvent(journal, i);
            }

            flash.PowerOn();
            Open(flash, 2);
            Assert.IsTrue(flash.Reads <= SignalJournal.ReadsMax, "reads: " + flash.Reads.ToString());
            Assert.AreEqual(1, flash.Writes);
            flash.Delete("state-a");
            flash.Delete("state-b");
            flash.PowerOn();
            Open(flash, 3);
            Assert.IsTrue(flash.Reads <= SignalJournal.ReadsMax, "reads without state: " + flash.Reads.ToString());
        }

        private static SignalJournal Open(FakeFlash flash, uint seed)
        {
            SignalJournal journal = new SignalJournal(flash, new FakeRandom(seed));
            journal.Recover();
            return journal;
        }

        private static SignalRecord Record(int kind, int state)
        {
            SignalRecord record = new SignalRecord();
            record.Clear();
            record.Kind = kind;
            record.State = state;
            return record;
        }

        private static AppendResult AppendEvent(SignalJournal journal, int value)
        {
            SignalRecord record = Record(SignalKind.Door, SignalState.Alarm);
            record.Value = value;
            return journal.AppendEvent(record);
        }

        private static AppendResult AppendCall(SignalJournal journal, bool isPersons)
        {
            return journal.AppendCall(Record(SignalKind.Help, SignalState.Alarm), true, isPersons);
        }
    }
}
