using System;
using System.Threading;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// A thread that does for the link all that blocks: name look-up, connect, subscribe, close. One that hangs in TCP cannot be stopped; the link disowns it
    /// and takes a new one, and the old one ends when the system's own timeout lets it go.
    /// </summary>
    public sealed class LinkWorker
    {
        /// <summary>How often an idle worker looks after the connection and checks in, ms.</summary>
        public const int PollMs = 1000;

        private readonly M2MqttLink link;
        private readonly AutoResetEvent work = new AutoResetEvent(false);

        public LinkWorker(M2MqttLink link)
        {
            this.link = link;
        }

        public void Start()
        {
            new Thread(Run).Start();
        }

        /// <summary>There is something to do.</summary>
        public void Wake()
        {
            work.Set();
        }

        private void Run()
        {
            while (link.IsOwner(this))
            {
                try
                {
                    work.WaitOne(PollMs, false);
                    link.Work(this);
                }
                catch (Exception e)
                {
                    link.Failed(this, e.Message);
                }
            }

            link.Ended();
        }
    }
}
