using System.Text;

namespace Gateway.Firmware.Delivery
{
    /// <summary>The board's topics (PROTOCOL.md, section 1), built once.</summary>
    public sealed class Topics
    {
        public const string HubStatus = "hub/status";

        public readonly Topic Signal;
        public readonly Topic Status;
        public readonly Topic Heartbeat;
        public readonly Topic Result;
        public readonly Topic ConfigReported;
        public readonly Topic Receipt;
        public readonly Topic Notice;
        public readonly Topic Command;
        public readonly Topic Config;
        public readonly string[] Subscriptions;

        public Topics(string device)
        {
            string own = "gw/" + device;
            Signal = new Topic(own + "/signal");
            Status = new Topic(own + "/status");
            Heartbeat = new Topic(own + "/heartbeat");
            Result = new Topic(own + "/result");
            ConfigReported = new Topic(own + "/config/reported");
            Receipt = new Topic(own + "/receipt");
            Notice = new Topic(own + "/notice");
            Command = new Topic(own + "/command");
            Config = new Topic(own + "/config");
            Subscriptions = new string[] { Receipt.Name, Notice.Name, Command.Name, Config.Name, HubStatus };
        }
    }

    /// <summary>A topic as text and as the bytes that a MAC covers.</summary>
    public sealed class Topic
    {
        public readonly string Name;
        public readonly byte[] Ascii;

        public Topic(string name)
        {
            Name = name;
            Ascii = Encoding.UTF8.GetBytes(name);
        }
    }
}
