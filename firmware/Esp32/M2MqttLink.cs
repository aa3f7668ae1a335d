using System.Threading;
using Gateway.Firmware.Ports;
using Gateway.Firmware.Supervision;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// The link on M2Mqtt: at most one <see cref="LinkClient"/> counts, and a <see cref="LinkWorker"/> does all that blocks. The library keeps its queue in RAM and gives up after
    /// three tries; nothing here promises more.
    /// </summary>
    public sealed class M2MqttLink : ILink
    {
        /// <summary>Workers that hang in an attempt that was given up. With more of them no attempt is made, no worker checks in, and the board restarts.</summary>
        public const int AbandonedMax = 2;

        private readonly AutoResetEvent wake;
        private readonly IClock clock;
        private readonly CheckIns checkIns;
        private readonly ILog log;
        private readonly object gate = new object();

        private LinkWorker worker;
        private LinkState state = LinkState.Down;
        private LinkRequest wanted;
        private LinkClient current;
        private LinkClient discarded;
        private bool isBusy;
        private int abandoned;
        private int droppedCount;
        private int ignoredOpenCount;
        private int failedAttemptCount;

        public M2MqttLink(AutoResetEvent wake, IClock clock, CheckIns checkIns, ILog log)
        {
            this.wake = wake;
            this.clock = clock;
            this.checkIns = checkIns;
            this.log = log;
            checkIns.Watch(LoopId.Link, Supervisor.LinkLimitMs, clock.NowMs);
            worker = new LinkWorker(this);
            worker.Start();
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

        /// <summary>See <see cref="ReceivedMessages"/>.</summary>
        public int DroppedCount
        {
            get
            {
                lock (gate)
                {
                    return current == null ? droppedCount : droppedCount + current.Dropped;
                }
            }
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

        /// <summary>Workers that hang in an attempt that was given up.</summary>
        public int AbandonedCount
        {
            get { return abandoned; }
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
                worker.Wake();
            }
        }

        public void Close()
        {
            lock (gate)
            {
                bool hangs = isBusy && state == LinkState.Connecting;
                GoDown();
                if (hangs && abandoned < AbandonedMax)
                {
                    // The worker closes its client itself when TCP lets it go: whoever touched that client now might hang as well.
                    discarded = null;
                    abandoned++;
                    isBusy = false;
                    worker = new LinkWorker(this);
                    worker.Start();
                }

                worker.Wake();
            }
        }

        public bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain)
        {
            LinkClient client = UpClient();
            return client != null && client.TryPublish(topic, payload, count, atLeastOnce, retain);
        }

        public bool TryReceive(LinkMessage message)
        {
            LinkClient client = UpClient();
            return client != null && client.TryReceive(message);
        }

        /// <summary>False: the worker was disowned and must end.</summary>
        internal bool IsOwner(LinkWorker asking)
        {
            lock (gate)
            {
                return asking == worker;
            }
        }

        /// <summary>One round of the worker.</summary>
        internal void Work(LinkWorker asking)
        {
            if (IsOwner(asking))
            {
                checkIns.Seen(LoopId.Link, clock.NowMs);
                CloseDiscarded(asking);
                ConnectWanted(asking);
                LookAfter();
            }
        }

        /// <summary>A round ended with an exception: the attempt in it did not come Up.</summary>
        internal void Failed(LinkWorker asking, string message)
        {
            lock (gate)
            {
                if (asking == worker)
                {
                    isBusy = false;
                    failedAttemptCount++;
                    if (wanted == null)
                    {
                        GoDown();
                    }

                    asking.Wake();
                }
            }

            log.Line("link: " + message);
            wake.Set();
        }

        /// <summary>A disowned worker came back.</summary>
        internal void Ended()
        {
            lock (gate)
            {
                abandoned--;
            }
        }

        /// <summary>The connection has ended. One that was disowned counts for nothing.</summary>
        internal void Lost(LinkClient client)
        {
            lock (gate)
            {
                if (client == current)
                {
                    GoDown();
                    worker.Wake();
                }
            }
        }

        private LinkClient UpClient()
        {
            lock (gate)
            {
                return state == LinkState.Up ? current : null;
            }
        }

        private void CloseDiscarded(LinkWorker asking)
        {
            LinkClient client;
            lock (gate)
            {
                client = asking == worker ? discarded : null;
                if (client == null)
                {
                    return;
                }

                discarded = null;
                isBusy = true;
            }

            client.Close();
            Done(asking);
        }

        private void ConnectWanted(LinkWorker asking)
        {
            LinkRequest request;
            lock (gate)
            {
                if (asking != worker || wanted == null)
                {
                    return;
                }

                request = wanted;
                wanted = null;
                isBusy = true;
            }

            LinkClient client = new LinkClient(this, request, clock, wake);
            lock (gate)
            {
                if (asking != worker || state != LinkState.Connecting)
                {
                    return;
                }

                current = client;
            }

            string refusal = client.Connect();
            bool isMine;
            lock (gate)
            {
                isMine = asking == worker;
                if (client == current && refusal.Length == 0 && state == LinkState.Connecting && client.IsConnected)
                {
                    state = LinkState.Up;
                }
                else if (client == current)
                {
                    failedAttemptCount++;
                    GoDown();
                    asking.Wake();
                }
            }

            if (!isMine)
            {
                // Given up meanwhile: nobody else knows this client.
                client.Close();
            }

            if (refusal.Length != 0)
            {
                log.Line("link: " + refusal);
            }

            Done(asking);
            wake.Set();
        }

        /// <summary>Gives up a connection that has died without a word.</summary>
        private void LookAfter()
        {
            LinkClient client = UpClient();
            if (client != null && !client.IsAlive())
            {
                log.Line("link: dead without a word");
                Lost(client);
                wake.Set();
            }
        }

        private void Done(LinkWorker asking)
        {
            lock (gate)
            {
                if (asking == worker)
                {
                    isBusy = false;
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
                droppedCount += current.Dropped;
                discarded = current;
                current = null;
            }
        }
    }
}
