using System;
using System.Collections;
using System.Text;
using System.Threading;
using Gateway.Firmware.Ports;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Exceptions;
using nanoFramework.M2Mqtt.Messages;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// The link on M2Mqtt. One thread of its own does all that blocks: name look-up, connect, subscribe, close. Callbacks of the library only enqueue and wake the loop. The
    /// library keeps its queue in RAM and gives up after three tries; nothing here promises more.
    /// </summary>
    /// <remarks>
    /// A new client per attempt: a used one may still have threads of the old connection. An attempt that hangs in TCP cannot be aborted from outside without stopping the
    /// loop, so <see cref="Close"/> disowns it at once and the next attempt begins when the system's own timeout has ended it.
    /// </remarks>
    public sealed class M2MqttLink : ILink
    {
        /// <summary>QoS 1 messages handed to the library and not yet acknowledged; more are refused. Two lanes of 16 signals and a few results.</summary>
        public const int UnacknowledgedMax = 40;

        /// <summary>Received messages that wait for the loop; more are dropped and counted: the hub sends what matters again.</summary>
        public const int ReceivedMax = 16;

        /// <summary>How long the grants of the subscriptions may take.</summary>
        public const int SubscribeTimeoutMs = 10000;

        /// <summary>No lookup, no network: the client insists on an address at its birth, the real one follows by Init.</summary>
        private const string NoHost = "127.0.0.1";

        private readonly AutoResetEvent wake;
        private readonly ILog log;
        private readonly AutoResetEvent work = new AutoResetEvent(false);
        private readonly AutoResetEvent granted = new AutoResetEvent(false);
        private readonly object gate = new object();
        private readonly Queue received = new Queue();

        private LinkState state = LinkState.Down;
        private LinkRequest wanted;
        private MqttClient current;
        private MqttClient discarded;
        private bool allGranted;
        private int unacknowledged;
        private int droppedCount;
        private int ignoredOpenCount;
        private int failedAttemptCount;

        public M2MqttLink(AutoResetEvent wake, ILog log)
        {
            this.wake = wake;
            this.log = log;
            new Thread(Work).Start();
        }

        public LinkState State
        {
            get
            {
                lock (gate)
                {
                    return state;
                }
            }
        }

        /// <summary>Received messages that were dropped because the queue was full or they were longer than a <see cref="LinkMessage"/>.</summary>
        public int DroppedCount
        {
            get { return droppedCount; }
        }

        /// <summary>Calls of <see cref="Open"/> while the link was not Down.</summary>
        public int IgnoredOpenCount
        {
            get { return ignoredOpenCount; }
        }

        /// <summary>Attempts that did not come Up.</summary>
        public int FailedAttemptCount
        {
            get { return failedAttemptCount; }
        }

        public void Open(LinkRequest request)
        {
            lock (gate)
            {
                if (state != LinkState.Down)
                {
                    ignoredOpenCount++;
                    return;
                }

                state = LinkState.Connecting;
                wanted = request;
                work.Set();
            }
        }

        public void Close()
        {
            lock (gate)
            {
                GoDown();
                work.Set();
            }
        }

        public bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain)
        {
            MqttClient client;
            lock (gate)
            {
                if (state != LinkState.Up || (atLeastOnce && unacknowledged >= UnacknowledgedMax))
                {
                    return false;
                }

                client = current;
                if (atLeastOnce)
                {
                    unacknowledged++;
                }
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
                    Acknowledged(client);
                }

                return false;
            }
        }

        public bool TryReceive(LinkMessage message)
        {
            MqttMsgPublishEventArgs next;
            lock (gate)
            {
                if (received.Count == 0)
                {
                    return false;
                }

                next = (MqttMsgPublishEventArgs)received.Dequeue();
            }

            message.Topic = next.Topic;
            message.Count = next.Message.Length;
            Array.Copy(next.Message, message.Payload, next.Message.Length);
            return true;
        }

        private void Work()
        {
            while (true)
            {
                try
                {
                    work.WaitOne();
                    CloseDiscarded();
                    ConnectWanted();
                }
                catch (Exception e)
                {
                    lock (gate)
                    {
                        failedAttemptCount++;
                        if (wanted == null)
                        {
                            GoDown();
                        }
                    }

                    log.Line("link: " + e.Message);
                    work.Set();
                    wake.Set();
                }
            }
        }

        /// <summary>Takes about a second in the library; that is why it happens here.</summary>
        private void CloseDiscarded()
        {
            MqttClient client;
            lock (gate)
            {
                client = discarded;
                discarded = null;
            }

            if (client != null)
            {
                client.Close();
            }
        }

        private void ConnectWanted()
        {
            LinkRequest request;
            lock (gate)
            {
                request = wanted;
                wanted = null;
            }

            if (request == null)
            {
                return;
            }

            MqttClient client = NewClient(request);
            lock (gate)
            {
                current = client;
                unacknowledged = 0;
                received.Clear();
            }

            MqttReasonCode code = client.Connect(
                request.ClientId, request.User, request.Password, true, MqttQoSLevel.AtLeastOnce, true, request.WillTopic, request.WillMessage, true, (ushort)request.KeepAliveS);
            bool isUp = code == MqttReasonCode.Success && Subscribe(client, request.Subscriptions);
            lock (gate)
            {
                if (isUp && client == current && state == LinkState.Connecting && client.IsConnected)
                {
                    state = LinkState.Up;
                }
                else if (client == current)
                {
                    failedAttemptCount++;
                    GoDown();
                    work.Set();
                }
            }

            if (code != MqttReasonCode.Success)
            {
                log.Line("link: refused, code " + ((int)code).ToString());
            }

            wake.Set();
        }

        private MqttClient NewClient(LinkRequest request)
        {
            // Init takes the certificates as bytes; X509Certificate's constructors mean different things on the board and on the desktop.
            MqttClient client = new MqttClient(NoHost);
            byte[] ca = request.UseTls ? Encoding.UTF8.GetBytes(request.CaCertificatePem + "\0") : null;
            client.Init(request.Host, request.Port, request.UseTls, ca, null, request.UseTls ? MqttSslProtocols.TLSv1_2 : MqttSslProtocols.None);
            client.MqttMsgPublishReceived += OnReceived;
            client.MqttMsgPublished += OnPublished;
            client.MqttMsgSubscribed += OnSubscribed;
            client.ConnectionClosed += OnClosed;
            return client;
        }

        private bool Subscribe(MqttClient client, string[] topics)
        {
            MqttQoSLevel[] levels = new MqttQoSLevel[topics.Length];
            for (int i = 0; i < levels.Length; i++)
            {
                levels[i] = MqttQoSLevel.AtLeastOnce;
            }

            granted.Reset();
            allGranted = false;
            client.Subscribe(topics, levels);
            return granted.WaitOne(SubscribeTimeoutMs, false) && allGranted;
        }

        private void OnSubscribed(object sender, MqttMsgSubscribedEventArgs e)
        {
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
            lock (gate)
            {
                if (sender != current)
                {
                    return;
                }

                if (received.Count >= ReceivedMax || e.Message.Length > LinkMessage.PayloadBytesMax)
                {
                    droppedCount++;
                    return;
                }

                received.Enqueue(e);
            }

            wake.Set();
        }

        private void OnPublished(object sender, MqttMsgPublishedEventArgs e)
        {
            // Whether it arrived or was given up after three tries: only a receipt of the hub counts, so both just make room.
            Acknowledged(sender);
            wake.Set();
        }

        private void OnClosed(object sender, EventArgs e)
        {
            lock (gate)
            {
                if (sender != current)
                {
                    return;
                }

                GoDown();
                work.Set();
            }

            granted.Set();
            wake.Set();
        }

        private void Acknowledged(object client)
        {
            lock (gate)
            {
                if (client == current && unacknowledged > 0)
                {
                    unacknowledged--;
                }
            }
        }

        /// <summary>Disowns the client, whose late callbacks then count for nothing. The gate is held.</summary>
        private void GoDown()
        {
            state = LinkState.Down;
            wanted = null;
            if (current != null)
            {
                discarded = current;
                current = null;
            }
        }
    }
}
