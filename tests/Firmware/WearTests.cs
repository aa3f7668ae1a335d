using Gateway.Firmware.Journal;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    /// <summary>The wear budget of JOURNAL.md, counted: a week at its rate, each change of a file taken for one erase.</summary>
    [TestClass]
    public class WearTests
    {
        private const int EventsPerDay = 100;
        private const int BootsPerWeek = 10;
        private const int MinutesPerWeek = 7 * 1440;

        /// <summary>As JOURNAL.md says.</summary>
        private const int ErasesPerYearMax = 91000;

        [DataRow(0)]
        [DataRow(100)]
        [TestMethod]
        public void A_year_at_the_stated_rate_stays_within_the_wear_budget(int failEvery)
        {
            FakeFlash flash = new FakeFlash();
            FakeRandom random = new FakeRandom(1);
            SignalRecord record = new SignalRecord();
            SignalJournal journal = null;
            int erases = 0;
            int events = 0;
            long bootMs = 0;
            for (int minute = 0; minute < MinutesPerWeek; minute++)
            {
                long nowMs = minute * 60000L;
                if (minute % (MinutesPerWeek / BootsPerWeek) == 0)
                {
                    erases += flash.Writes;
                    flash.PowerOn();
                    journal = new SignalJournal(flash, random);
                    journal.Recover();
                    bootMs = nowMs;
                }

                if (minute * EventsPerDay / 1440 != (minute + 1) * EventsPerDay / 1440)
                {
                    events++;
                    record.Clear();
                    record.Kind = SignalKind.Door;
                    record.Zone = 3;
                    record.State = SignalState.Alarm;
                    record.Boot = journal.Boot;

                    // A failed append costs one more write: the state file with the burnt number.
                    flash.FailWrites = failEvery > 0 && events % failEvery == 0 ? 1 : 0;
                    journal.AppendEvent(record);
                    flash.FailWrites = 0;
                    journal.Acknowledge(journal.Events, journal.Events.Next - 1, nowMs - bootMs);
                }

                if (minute % 1440 == 720)
                {
                    journal.SaveState();
                }

                journal.Tidy(nowMs - bootMs);
            }

            erases += flash.Writes;
            Assert.AreEqual(700, events);
            Assert.IsTrue(erases > events, "erases: " + erases.ToString());
            Assert.IsTrue(erases * 52 <= ErasesPerYearMax, "erases a year: " + (erases * 52).ToString());
        }
    }
}
