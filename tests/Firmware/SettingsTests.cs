using System.Text;
using Gateway.Firmware.Configuration;
using Gateway.Firmware.Tests.Fakes;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    [TestClass]
    public class SettingsTests
    {
        private const string Good =
            "{\"device\":\"sumitu-01\",\"hub\":\"7d1f0c2a94b36e58\",\"key\":\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\",\"host\":\"10.0.0.1\",\"password\":\"a-password-of-a-test\"";

        [TestMethod]
        public void A_file_with_the_needed_members_gives_settings_with_defaults()
        {
            GatewaySettings settings = Parse(Good + "}", out string error);

            Assert.IsNull(error, error);
            Assert.AreEqual("sumitu-01", settings.User);
            Assert.AreEqual(1883, settings.Port);
            Assert.AreEqual((byte)31, settings.Key[31]);
            Assert.AreEqual(20, settings.GlitchMs);
            Assert.IsTrue(settings.Buzzer);
            Assert.IsFalse(settings.Siren);
        }

        [DataRow("{", "not-json")]
        [DataRow("[]", "not-json")]
        [DataRow("{}", "missing:device")]
        [DataRow(Good + ",\"port\":0}", "out-of-range:port")]
        [DataRow(Good + ",\"port\":70000}", "out-of-range:port")]
        [DataRow(Good + ",\"port\":\"1883\"}", "wrong-type:port")]
        [DataRow(Good + ",\"tls\":1}", "wrong-type:tls")]
        [DataRow(Good + ",\"glitchMs\":26}", "out-of-range:glitchMs")]
        [DataRow(Good + ",\"user\":\"another\"}", "out-of-range:user")]
        [DataRow(Good + ",\"debounce\":30}", "unknown-member:debounce")]
        [DataRow(Good + ",\"port\":18830000000}", "out-of-range:port")]
        [DataRow(Good + ",\"port\":1883.5}", "wrong-type:port")]
        [DataRow(Good + ",\"ssid\":null}", "wrong-type:ssid")]
        [DataRow(Good + ",\"ssid\":{\"a\":1}}", "wrong-type:ssid")]
        [DataRow(Good + ",\"ssid\":\"caf\\u00e9\"}", "out-of-range:ssid")]
        [TestMethod]
        public void A_wrong_file_is_refused_with_a_named_error(string json, string expected)
        {
            GatewaySettings settings = Parse(json, out string error);

            Assert.IsNull(settings);
            Assert.AreEqual(expected, error);
        }

        [DataRow("device", "Sumitu 01")]
        [DataRow("hub", "7D1F0C2A94B36E58")]
        [DataRow("key", "0001")]
        [DataRow("password", "short")]
        [TestMethod]
        public void A_member_out_of_its_form_is_named_and_its_value_is_not_quoted(string member, string value)
        {
            string json = Good + "}";
            int at = json.IndexOf("\"" + member + "\":\"") + member.Length + 4;
            json = json.Substring(0, at) + value + json.Substring(json.IndexOf('"', at));
            Assert.IsNull(Parse(json, out string error));

            Assert.AreEqual("out-of-range:" + member, error);
        }

        [TestMethod]
        public void Without_files_it_says_what_it_misses_and_TLS_needs_a_certificate()
        {
            FakeFlash flash = new FakeFlash();
            Assert.AreEqual("missing:device", new ConfigurationDesk(flash).Error);
            flash.Replace("gateway.json", Encoding.UTF8.GetBytes(Good + ",\"tls\":true}"));
            Assert.AreEqual("no-certificate:tls", new ConfigurationDesk(flash).Error);
            flash.Replace("ca.pem", Encoding.UTF8.GetBytes("-----BEGIN CERTIFICATE-----"));
            ConfigurationDesk desk = new ConfigurationDesk(flash);
            Assert.IsNull(desk.Error, desk.Error);
            Assert.IsTrue(desk.Settings.UseTls);
        }

        private static GatewaySettings Parse(string json, out string error)
        {
            FakeFlash flash = new FakeFlash();
            flash.Replace("gateway.json", Encoding.UTF8.GetBytes(json));
            ConfigurationDesk desk = new ConfigurationDesk(flash);
            error = desk.Error;
            return error == null ? desk.Settings : null;
        }
    }
}
