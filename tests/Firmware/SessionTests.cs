using Gateway.Firmware.Delivery;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    [TestClass]
    public class SessionTests
    {
        [TestMethod]
        public void The_birth_is_the_first_message_and_the_will_carries_its_session_GW2_GW27()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.App.Step(0);
            board.App.Step(1);
            FakeMessage first = (FakeMessage)board.Link.Up[0];

            Assert.AreEqual("gw/sumitu-01/status", first.Topic);
            Assert.IsTrue(first.Retain);
            string will = board.Link.Request.WillMessage;
            string session = will.Substring(will.IndexOf("\"session\":\"") + 11, 16);
            Assert.Contains("\"session\":\"" + session + "\",\"will\":\"" + session + "\"", first.Payload);
            Assert.AreEqual(10, board.Link.Request.KeepAliveS);
            Assert.AreEqual("sumitu-01", board.Link.Request.ClientId);
            Assert.AreEqual(5, board.Link.Request.Subscriptions.Length);
        }

        [TestMethod]
        public void A_hub_that_starts_anew_gets_a_new_birth_within_7_s_GW29_GW44()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(10000);
            string will = board.Link.Request.WillMessage;
            string old = board.Hub.Session;
            board.Hub.SendHubStatus("00000001");
            board.Run(8000);
            Assert.AreEqual(1, board.Hub.Births.Count, "the first status is only noted");
            board.Hub.SendHubStatus("00000002");
            board.Hub.SendHubStatus("00000003");
            board.Run(7000);

            Assert.AreEqual(2, board.Hub.Births.Count);
            Assert.AreNotEqual(old, board.Hub.Session);
            Assert.Contains("\"will\":\"" + will.Substring(will.IndexOf("\"session\":\"") + 11, 16) + "\"", (string)board.Hub.Births[1]);
        }

        /// <summary>A dead connection takes every birth: giving one again must not pass for an answer (I11).</summary>
        [TestMethod]
        public void Births_that_are_given_again_into_a_dead_connection_do_not_keep_it_GW13_GW15()
        {
            FakeBoard board = new FakeBoard();
            board.Hub.Answers = false;
            board.Boot();
            board.Run(14000);
            Assert.AreEqual(1, board.Link.Opens);
            Assert.IsTrue(board.Hub.Births.Count >= 2, "it was given again under the next boot");
            board.Run(6000);
            Assert.AreEqual(2, board.Link.Opens, "15 s without a word from the hub");
        }

        /// <summary>What the link had no room for is acknowledged all the same: only a new birth lets the hub say it again (I3).</summary>
        [TestMethod]
        public void A_board_that_had_to_drop_what_came_down_gives_a_new_birth_and_waits_twice_as_long_each_time_GW29()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(10000);
            board.Link.DroppedCount = 3;
            board.Run(2500);
            Assert.AreEqual(2, board.Hub.Births.Count, "5 s after the first birth have passed");

            board.Link.DroppedCount = 4;
            board.Run(6000);
            Assert.AreEqual(2, board.Hub.Births.Count, "10 s after the second have not");
            board.Run(7500);
            Assert.AreEqual(3, board.Hub.Births.Count);

            board.Run(60000);
            Assert.AreEqual(3, board.Hub.Births.Count, "nothing more was dropped");
        }

        /// <summary>A hub that went back to a backup learns by it at once what will not come again; by a held record that it once receipted it would wait for ever.</summary>
        [TestMethod]
        public void A_birth_names_the_first_number_that_may_still_be_sent_though_older_ones_are_held_GW19()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(10000);
            board.PressHelp();
            board.Run(10000);
            Assert.AreEqual(0u, board.App.Status.CallBacklog);
            board.Hub.SendHubStatus("00000001");
            board.Hub.SendHubStatus("00000002");
            board.Run(7000);

            Assert.AreEqual(2, board.Hub.Births.Count);
            Assert.Contains("\"callOldest\":1,\"callNext\":1,", (string)board.Hub.Births[0]);
            Assert.Contains("\"callOldest\":2,\"callNext\":2,", (string)board.Hub.Births[1]);
        }

        [TestMethod]
        public void A_birth_names_the_first_number_that_RAM_may_still_send_GW19_GW20()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(2000);
            board.Flash.FailWrites = 1;
            board.PressHelp();
            board.Run(10000);
            Assert.AreEqual(0, board.App.Status.VolatileBacklog);
            board.Hub.SendHubStatus("00000001");
            board.Hub.SendHubStatus("00000002");
            board.Run(7000);

            Assert.AreEqual(2, board.Hub.Births.Count);
            Assert.Contains("\"volatileOldest\":1,", (string)board.Hub.Births[0]);
            Assert.Contains("\"volatileOldest\":2,", (string)board.Hub.Births[1]);
        }

        [DataRow(false, 5)]
        [DataRow(true, 30)]
        [TestMethod]
        public void Heartbeats_come_in_their_rhythm_GW31(bool metered, int everyS)
        {
            FakeBoard board = new FakeBoard();
            board.Settings.Metered = metered;
            board.Boot();
            board.Run((10 * everyS * 1000) + 500);

            Assert.AreEqual(10, board.Hub.Heartbeats.Count);
            Assert.Contains("\"n\":10,", (string)board.Hub.Heartbeats[9]);
        }

        [TestMethod]
        public void At_most_16_messages_of_a_lane_are_in_flight_and_come_again_after_5_s_GW15()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Link.Reachable = false;
            for (int i = 0; i < 15; i++)
            {
                board.PressHelp();
                board.Press(InputId.ResetKey, 100);
            }

            board.Hub.Answers = false;
            board.Link.Reachable = true;
            board.Link.Drop();
            board.Run(4000);
            Assert.AreEqual(16, board.Hub.Count("\"lane\":\"call\"", ""));
            board.Run(6000);
            Assert.IsTrue(board.Hub.Duplicates >= 16, "sent again");
            board.Hub.Answers = true;
            board.Run(6000);
            Assert.AreEqual(30, board.Hub.Count("\"lane\":\"call\"", ""));
            Assert.AreEqual(0u, board.App.Status.CallBacklog);
            Assert.AreEqual(0, board.Hub.Conflicts);
        }

        [TestMethod]
        public void A_call_connects_at_once_whatever_the_backoff_says()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Link.Reachable = false;
            for (int i = 0; i < 20; i++)
            {
                board.Link.Drop();
                board.Run(40000);
            }

            board.Link.Drop();
            board.Run(10);
            int opens = board.Link.Opens;
            board.Link.Reachable = true;
            board.PressHelp();

            Assert.AreEqual(opens + 1, board.Link.Opens);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
        }

        [TestMethod]
        public void A_further_press_of_a_latched_call_connects_at_once_too()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.PressHelp();
            board.Run(15000);
            board.Link.Reachable = false;
            for (int i = 0; i < 20; i++)
            {
                board.Link.Drop();
                board.Run(40000);
            }

            board.Link.Drop();
            board.Run(10);
            int opens = board.Link.Opens;
            board.Link.Reachable = true;
            board.PressHelp();

            Assert.AreEqual(opens + 1, board.Link.Opens);
            Assert.AreEqual(2, board.Hub.Count("\"kind\":\"help\"", ""));
        }

        [TestMethod]
        public void Attempts_alternate_between_the_two_addresses_of_one_hub_GW3()
        {
            FakeBoard board = new FakeBoard();
            board.Settings.Host2 = "10.0.0.2";
            board.Boot();
            board.Link.Reachable = false;
            string order = "";
            for (int i = 0; i < 4; i++)
            {
                board.Run(31000);
                order += board.Link.Request.Host.Substring(7);
                board.Link.Drop();
                board.Run(50);
            }

            Assert.Contains("12", order);
            Assert.Contains("21", order);
        }

        [TestMethod]
        public void Backoff_grows_to_its_bound_and_never_beyond()
        {
            Backoff backoff = new Backoff(new FakeRandom(7));
            long longest = 0;
            for (int i = 0; i < 200; i++)
            {
                backoff.Failed(0, false);
                longest = backoff.DueMs > longest ? backoff.DueMs : longest;
                Assert.IsTrue(backoff.DueMs >= Backoff.FirstMs / 2 && backoff.DueMs <= Backoff.MaxMs, "ms: " + backoff.DueMs.ToString());
            }

            Assert.IsTrue(longest > Backoff.MaxMs * 3 / 4, "jitter spreads up to the bound");
            backoff.Failed(0, true);
            Assert.IsTrue(backoff.DueMs <= Backoff.MaxWithCallMs, "with a call waiting");
        }

        [TestMethod]
        public void A_busy_client_loses_nothing()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.Link.Busy = true;
            board.PressHelp();
            board.Run(3000);
            Assert.AreEqual(0, board.Hub.Count("\"kind\":\"help\"", ""));
            board.Link.Busy = false;
            board.Run(100);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", ""));
        }

        [TestMethod]
        public void A_connection_that_died_without_a_word_is_given_up_and_the_call_goes_out_on_a_new_one_GW15_I1()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            int opens = board.Link.Opens;
            board.Hub.Answers = false;
            board.PressHelp();
            board.Run(14000);
            Assert.AreEqual(opens, board.Link.Opens);
            board.Hub.Answers = true;
            board.Run(4000);
            Assert.IsTrue(board.Link.Opens > opens, "no new connection");
            Assert.AreEqual("received", board.App.Status.Stage);
        }

        /// <summary>Messages that nobody acknowledges fill the client, and it forgets them after three tries: now it has room for a birth, and now it has none.</summary>
        [TestMethod]
        public void A_birth_that_found_room_again_keeps_no_dead_connection_alive_GW13_GW15_I11()
        {
            FakeBoard board = new FakeBoard();
            board.Hub.Answers = false;
            board.Boot();
            board.Run(1000);
            board.PressHelp();
            int opens = board.Link.Opens;
            board.Link.Busy = true;
            board.Run(7000);
            Assert.AreEqual(1, board.Hub.Births.Count, "that of the next boot found no room");
            board.Link.Busy = false;
            board.Run(5000);
            Assert.AreEqual(2, board.Hub.Births.Count);
            Assert.AreEqual(opens, board.Link.Opens);
            board.Run(3500);
            Assert.AreEqual(opens + 1, board.Link.Opens, "15 s without a word from the hub");
        }

        [TestMethod]
        public void A_birth_that_nobody_answers_is_given_again_under_the_next_boot_until_the_hubs_first_word_GW13()
        {
            FakeBoard board = new FakeBoard();
            board.Hub.Answers = false;
            board.Boot();
            board.Run(5000);
            Assert.AreEqual(1, board.Hub.Births.Count);
            board.Run(2000);
            Assert.AreEqual(2, board.Hub.Births.Count);
            Assert.Contains("\"boot\":1,", (string)board.Hub.Births[0]);
            Assert.Contains("\"boot\":2,", (string)board.Hub.Births[1]);
            board.Hub.Answers = true;
            board.Run(13000);
            int births = board.Hub.Births.Count;
            Assert.Contains("\"boot\":2,", (string)board.Hub.Births[births - 1]);
            board.Run(120000);
            Assert.AreEqual(births, board.Hub.Births.Count, "answered: no more");
            board.Reboot();
            board.Run(1000);
            Assert.AreEqual(3, (int)board.App.Status.Boot, "the number is durable");
        }

        [TestMethod]
        public void No_birth_names_a_boot_that_a_power_cut_just_then_would_give_to_the_next_one_GW13()
        {
            FakeBoard board = new FakeBoard();
            board.Hub.Answers = false;
            board.Boot();
            board.Run(5000);
            board.Flash.CutAt = 2 * board.Flash.Writes;
            Assert.ThrowsException(typeof(PowerCutException), () => board.Run(2000), "the number was to be written down");
            board.Hub.Step();
            Assert.AreEqual(1, board.Hub.Births.Count);
            board.Reboot();
            board.Run(1000);
            Assert.Contains("\"boot\":2,", (string)board.Hub.Births[1]);
        }

        [TestMethod]
        public void A_boot_whose_next_number_the_flash_refuses_is_heard_all_the_same_GW13()
        {
            FakeBoard board = new FakeBoard();
            board.Hub.Answers = false;
            board.Boot();
            board.Run(5000);
            board.Flash.FailWrites = 1;
            board.Run(2000);
            Assert.AreEqual(2, board.Hub.Births.Count);
            Assert.AreEqual(0, board.Flash.FailWrites, "the number was to be written down");
            board.Hub.Answers = true;
            board.Run(13000);
            board.PressHelp();
            Assert.AreEqual("received", board.App.Status.Stage);
        }

        [TestMethod]
        public void A_clock_kept_from_before_the_boot_is_an_estimate_until_the_hub_or_SNTP_speaks_GW25()
        {
            FakeBoard board = new FakeBoard();
            board.Link.Reachable = false;
            board.Wall.IsKept = true;
            board.Boot();
            board.Run(1000);
            board.PressHelp();
            board.Link.Reachable = true;
            board.Link.Drop();
            board.Run(40000);
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"clock\":\"estimated\""));
        }

        [TestMethod]
        public void An_idle_connection_is_not_given_up_for_the_hubs_silence()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            int opens = board.Link.Opens;
            board.Hub.Answers = false;
            board.Run(120000);
            Assert.AreEqual(opens, board.Link.Opens);
        }

        [TestMethod]
        public void The_hubs_time_in_a_receipt_makes_an_estimated_clock_GW25()
        {
            FakeBoard board = new FakeBoard();
            board.Boot();
            board.Run(1000);
            board.PressHelp();
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"clock\":\"estimated\""));
            board.Press(InputId.ResetKey, 100);
            board.Wall.IsSynchronized = true;
            board.PressHelp();
            Assert.AreEqual(1, board.Hub.Count("\"kind\":\"help\"", "\"clock\":\"synced\""));
        }
    }
}
