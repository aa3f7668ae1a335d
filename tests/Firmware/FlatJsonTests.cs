using System.Text;
using Gateway.Firmware.Delivery;
using nanoFramework.TestFramework;

namespace Gateway.Firmware.Tests
{
    [TestClass]
    public class FlatJsonTests
    {
        [DataRow("")]
        [DataRow("{")]
        [DataRow("}")]
        [DataRow("[]")]
        [DataRow("{\"a\"}")]
        [DataRow("{\"a\":}")]
        [DataRow("{\"a\":1,}")]
        [DataRow("{\"a\":1 \"b\":2}")]
        [DataRow("{\"a\":1}x")]
        [DataRow("{\"a\":01}")]
        [DataRow("{\"a\":-0}")]
        [DataRow("{\"a\":-}")]
        [DataRow("{\"a\":1.5}")]
        [DataRow("{\"a\":1e3}")]
        [DataRow("{\"a\":+1}")]
        [DataRow("{\"a\":9007199254740992}")]
        [DataRow("{\"a\":99999999999999999999999999}")]
        [DataRow("{\"a\":null}")]
        [DataRow("{\"a\":{}}")]
        [DataRow("{\"a\":[1]}")]
        [DataRow("{\"a\":tru}")]
        [DataRow("{\"a\":truee}")]
        [DataRow("{\"a\":\"x}")]
        [DataRow("{\"a\":\"\\n\"}")]
        [DataRow("{\"a\":1,\"a\":2}")]
        [DataRow("{\"\":1}")]
        [DataRow("{\"a-name-of-more-than-24-ch\":1}")]
        [DataRow("{\"a\":\"12345678901234567890123456789012345678901234567890123456789012345\"}")]
        [TestMethod]
        public void What_is_not_one_flat_object_is_refused_GW5_GW6(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);

            Assert.IsFalse(new FlatJson().Parse(bytes, bytes.Length), text);
        }

        [TestMethod]
        public void Members_are_found_by_name_type_and_bounds_GW7()
        {
            byte[] bytes = Encoding.UTF8.GetBytes(" {\"n\" : -12 ,\"t\":\"ab c\",\"f\":true,\"h\":\"00fF\",\"e\":\"0badcafe\"}\r\n");
            FlatJson json = new FlatJson();
            Assert.IsTrue(json.Parse(bytes, bytes.Length));
            Assert.AreEqual(5, json.Count);
            Assert.IsTrue(json.TryNumber("n", -12, -12, out long n) && n == -12);
            Assert.IsFalse(json.TryNumber("n", 0, 5, out long _), "bounds");
            Assert.IsFalse(json.TryNumber("t", 0, 5, out long _), "type");
            Assert.IsFalse(json.TryNumber("x", 0, 5, out long _), "absent");
            Assert.IsTrue(json.TryText("t", 1, 4, out string t) && t == "ab c");
            Assert.IsFalse(json.TryText("t", 1, 3, out string _), "too long");
            Assert.IsTrue(json.TryFlag("f", out bool f) && f);
            Assert.IsFalse(json.TryHex("h", out uint _), "not eight digits");
            Assert.IsTrue(json.TryHex("e", out uint e) && e == 0x0badcafe);
        }

        [TestMethod]
        public void The_49th_member_is_one_too_many_GW6()
        {
            string text = "{\"m0\":0";
            for (int i = 1; i < 48; i++)
            {
                text += ",\"m" + i.ToString() + "\":0";
            }

            byte[] fits = Encoding.UTF8.GetBytes(text + "}");
            byte[] exceeds = Encoding.UTF8.GetBytes(text + ",\"m48\":0}");
            Assert.IsTrue(new FlatJson().Parse(fits, fits.Length));
            Assert.IsFalse(new FlatJson().Parse(exceeds, exceeds.Length));
        }
    }
}
