using System;
using System.Text;
using System.Threading;
using Gateway.Firmware.Ports;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Exceptions;
using nanoFramework.M2Mqtt.Messages;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// One connection, from the attempt to its end: a client of the library, which is never used again, for a used one may still have threads of the old connection. Callbacks
    /// only enqueue and wake the loop.
    /// </summary>
    public sealed class LinkClient
    {
        /// <summary>QoS 1 messages handed to the library and not yet acknowledged; more are refused. Two lanes of 16 signals and a few results.</summary>
        public const int UnacknowledgedMax = 40;

        /// <summary>How long the grants of the subscriptions may take.</summary>
        public const int SubscribeTimeoutMs = 10000;

        /// <summary>No lookup, no network: the client insists on an address at its birth, the real one follows by Init.</summary>
        private const string NoHost = "127.0.0.1";

        private readonly M2MqttLink link;
        private readonly LinkRequest request;
        private readonly IClock clock;
        private readonly AutoResetEvent wake;
        private readonly object gate = new object();
        private readonly AutoResetEvent granted = new AutoResetEvent(false);
        private readonly ReceivedMessages received = new ReceivedMessages();
        private readonly LinkProbe probe;
        private readonly MqttClient client;
        private bool allGranted;
        private int unacknowledged;

        public LinkClient(M2MqttLink link, LinkRequest request, IClock clock, AutoResetEvent wake)
        {
            this.link = link;
            this.request = request;
            this.clock = clock;
            this.wake = wake;
            probe = new LinkProbe(request.KeepAliveS, clock.NowMs);
            client = new MqttClient(NoHost);

            // Init takes the certificates as bytes; X509Certificate's constructors mean different things on the board and on the desktop.
            byte[] ca = request.UseTls ? Encoding.UTF8.GetBytes(request.CaCertificatePem + "\0") : null;
            client.Init(request.Host, request.Port, request.UseTls, ca, null, request.UseTls ? MqttSslProtocols.TLSv1_2 : MqttSslProtocols.None);
            client.MqttMsgPublishReceived += OnReceived;
            client.MqttMsgPublished += OnPublished;
            client.MqttMsgSubscribed += OnSubscribed;
            client.ConnectionClosed += OnClosed;
        }

        public bool IsConnected
        {
            get { return client.IsConnected; }
        }

        /// <summary>Received messages that were dropped, see <see cref="ReceivedMessages"/>.</summary>
        public int Dropped
        {
            get { return received.Dropped; }
        }

        /// <summary>Blocks: TCP, TLS, CONNECT and SUBSCRIBE. Empty: connected, and all subscriptions are granted. Else why not.</summary>
        public string Connect()
        {
            MqttReasonCode code = client.Connect(
                request.ClientId, request.User, request.Password, true, MqttQoSLevel.AtLeastOnce, true, request.WillTopic, request.WillMessage, true, (ushort)request.KeepAliveS);
            if (code != MqttReasonCode.Success)
            {
                return "refused, code " + ((int)code).ToString();
            }

            client.Subscribe(request.Subscriptions, AtLeastOnce(request.Subscriptions.Length));
            return granted.WaitOne(SubscribeTimeoutMs, false) && allGranted ? "" : "not subscribed";
        }

        /// <summary>Takes about a second in the library.</summary>
        public void Close()
        {
            client.Close();
        }

        public bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain)
        {
            lock (gate)
            {
                if (atLeastOnce && unacknowledged >= UnacknowledgedMax)
                {
                    return false;
                }

                unacknowledged += atLeastOnce ? 1 : 0;
            }

            byte[] copy = new byte[count];
            Array.Copy(payload, copy, count);
            try
            {
                // Only enqueues; the library's own thread sends.
                client.Publish(topic, copy, null, null, atLeastOnce ? MqttQoSLevel.AtLeastOnce : MqttQoSLevel.AtMostOnce, retain);
                return true;
            }
            catch (MqttClientException)
            {
                // The library's queue is full: the caller tries again later, as for our own bound.
                if (atLeastOnce)
                {
                    Acknowledged();
                }

                return false;
            }
        }

        public bool TryReceive(LinkMessage message)
        {
            return received.TryTake(message);
        }

        /// <summary>
        /// Looks whether the other end is still there, by subscribing once more to what is subscribed already when all is silent: any broker answers that, and nothing changes by
        /// it. The receipts' topic, because nothing is retained there. False: it is dead.
        /// </summary>
        public bool IsAlive()
        {
            long nowMs = clock.NowMs;
            if (probe.IsDead(nowMs))
            {
                return false;
            }

            if (probe.TakeAsk(nowMs))
            {
                client.Subscribe(new string[] { request.Subscriptions[0] }, AtLeastOnce(1));
            }

            return true;
        }

        private static MqttQoSLevel[] AtLeastOnce(int count)
        {
            MqttQoSLevel[] levels = new MqttQoSLevel[count];
            for (int i = 0; i < count; i++)
            {
                levels[i] = MqttQoSLevel.AtLeastOnce;
            }

            return levels;
        }

        private void OnSubscribed(object sender, MqttMsgSubscribedEventArgs e)
        {
            probe.Heard(clock.NowMs);
            bool all = true;
            for (int i = 0; i < e.GrantedQoSLevels.Length; i++)
            {
                all = all && e.GrantedQoSLevels[i] != MqttQoSLevel.GrantedFailure;
            }

            allGranted = all;
            granted.Set();
        }

        private void OnReceived(object sender, MqttMsgPublishEventArgs e)
        {
            probe.Heard(clock.NowMs);
            received.Add(e);
            wake.Set();
        }

        private void OnPublished(object sender, MqttMsgPublishedEventArgs e)
        {
            // Whether it arrived or was given up after three tries: only a receipt of the hub counts, so both just make room.
            if (e.IsPublished)
            {
                probe.Heard(clock.NowMs);
            }

            Acknowledged();
            wake.Set();
        }

        private void OnClosed(object sender, EventArgs e)
        {
            link.Lost(this);
            granted.Set();
            wake.Set();
        }

        private void Acknowledged()
        {
            lock (gate)
            {
                unacknowledged -= unacknowledged > 0 ? 1 : 0;
            }
        }
    }
}
