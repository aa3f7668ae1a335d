using System;
using System.Collections;
using Gateway.Firmware.Ports;
using nanoFramework.M2Mqtt.Messages;

namespace Gateway.Firmware.Esp32
{
    /// <summary>Received messages that wait for the loop. Full, or a message longer than a <see cref="LinkMessage"/>: it is dropped and counted, for the hub sends what matters again.</summary>
    public sealed class ReceivedMessages
    {
        public const int MessagesMax = 16;

        private readonly object gate = new object();
        private readonly Queue queue = new Queue();
        private int dropped;

        public int Dropped
        {
            get { return dropped; }
        }

        public void Clear()
        {
            lock (gate)
            {
                queue.Clear();
            }
        }

        public void Add(MqttMsgPublishEventArgs message)
        {
            lock (gate)
            {
                if (queue.Count >= MessagesMax || message.Message.Length > LinkMessage.PayloadBytesMax)
                {
                    dropped++;
                    return;
                }

                queue.Enqueue(message);
            }
        }

        public bool TryTake(LinkMessage into)
        {
            MqttMsgPublishEventArgs next;
            lock (gate)
            {
                if (queue.Count == 0)
                {
                    return false;
                }

                next = (MqttMsgPublishEventArgs)queue.Dequeue();
            }

            into.Topic = next.Topic;
            into.Count = next.Message.Length;
            Array.Copy(next.Message, into.Payload, next.Message.Length);
            return true;
        }
    }
}
