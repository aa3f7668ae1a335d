using System;
using System.Collections;
using System.Text;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Tests.Fakes
{
    /// <summary>A link whose other end is the test: it sees what is published and decides what comes down. Loses what it holds when it goes down.</summary>
    public sealed class FakeLink : ILink
    {
        private readonly ArrayList _down = new ArrayList();
        private readonly FakeFlash _power;

        public FakeLink(FakeFlash power)
        {
            _power = power;
        }

        public LinkState State { get; set; }

        /// <summary>The other end is there: an Open comes Up at once.</summary>
        public bool Reachable = true;

        /// <summary>The only address at which the other end is; null: at any.</summary>
        public string HostReached;

        /// <summary>The client's queue is full.</summary>
        public bool Busy;

        /// <summary>What the other end said and the client had no room for.</summary>
        public int DroppedCount { get; set; }

        public LinkRequest Request;
        public int Opens;

        /// <summary>What was published and not taken by the test: FakeMessage.</summary>
        public readonly ArrayList Up = new ArrayList();

        public void Open(LinkRequest request)
        {
            Opens++;
            Request = request;
            bool isThere = Reachable && (HostReached == null || HostReached == request.Host);
            State = isThere ? LinkState.Up : LinkState.Connecting;
        }

        public void Close()
        {
            Drop();
        }

        /// <summary>The connection is lost, with everything in it.</summary>
        public void Drop()
        {
            State = LinkState.Down;
            _down.Clear();
        }

        public bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain)
        {
            if (_power.IsDead)
            {
                throw new PowerCutException();
            }

            if (State != LinkState.Up || Busy)
            {
                return false;
            }

            Up.Add(new FakeMessage(topic, Encoding.UTF8.GetString(payload, 0, count), retain));
            return true;
        }

        public void Send(string topic, string payload)
        {
            _down.Add(new FakeMessage(topic, payload, false));
        }

        /// <summary>The newest message on its way down.</summary>
        public FakeMessage LastSent()
        {
            return (FakeMessage)_down[_down.Count - 1];
        }

        public bool TryReceive(LinkMessage message)
        {
            if (_down.Count == 0)
            {
                return false;
            }

            FakeMessage next = (FakeMessage)_down[0];
            _down.RemoveAt(0);
            byte[] bytes = Encoding.UTF8.GetBytes(next.Payload);
            Array.Copy(bytes, message.Payload, bytes.Length);
            message.Topic = next.Topic;
            message.Count = bytes.Length;
            return true;
        }
    }

    public sealed class FakeMessage
    {
        public readonly string Topic;
        public readonly string Payload;
        public readonly bool Retain;

        public FakeMessage(string topic, string payload, bool retain)
        {
            Topic = topic;
            Payload = payload;
            Retain = retain;
        }
    }
}
