"""Eclipse Paho for Python against an endpoint: python3 paho_python.py PORT TLS_PORT CA_FILE. Prints `NAME ok` for each thing that went as it should."""
import queue
import socket
import sys
import threading

import paho.mqtt.client as mqtt

PORT, TLS_PORT, CA_FILE = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
PATIENCE_S = 30


class Client:
    def __init__(self, client_id, clean=True, will=None, ca=None):
        version = [mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, "CallbackAPIVersion") else []
        self.messages, self.connected, self.subscribed, self.lost = queue.Queue(), queue.Queue(), queue.Queue(), threading.Event()
        self.client = mqtt.Client(*version, client_id=client_id, clean_session=clean, protocol=mqtt.MQTTv311)
        self.client.max_inflight_messages_set(100)
        self.client.on_connect = lambda c, u, flags, code: self.connected.put((code, flags["session present"]))
        self.client.on_subscribe = lambda c, u, mid, granted: self.subscribed.put(granted)
        self.client.on_message = lambda c, u, m: self.messages.put((m.topic, m.payload.decode(), m.qos, bool(m.retain)))
        self.client.on_disconnect = self.leave
        if will:
            self.client.will_set(*will)
        if ca:
            self.client.tls_set(ca)
        self.client.connect("127.0.0.1", TLS_PORT if ca else PORT)
        self.client.loop_start()
        code, self.session_present = self.connected.get(timeout=PATIENCE_S)
        assert code == 0, code

    def leave(self, client, userdata, code):
        client.disconnect()  # or Paho would come back by itself
        self.lost.set()

    def subscribe(self, *filters):
        self.client.subscribe(list(filters))
        return self.subscribed.get(timeout=PATIENCE_S)

    def publish(self, topic, text, qos=1, retain=False):
        self.client.publish(topic, text, qos, retain).wait_for_publish(PATIENCE_S)

    def take(self):
        return self.messages.get(timeout=PATIENCE_S)

    def die(self):
        self.client.loop_stop()
        self.client.socket().shutdown(socket.SHUT_RDWR)


def check(name, actual, expected):
    print(f"{name} ok" if actual == expected else f"{name} wrong: {actual}", flush=True)


main = Client("main")
main.subscribe(("q/#", 2))
for qos in (0, 1, 2):
    main.publish("q/1", f"text {qos}", qos)
check("qos", [main.take() for _ in range(3)], [("q/1", f"text {qos}", qos, False) for qos in (0, 1, 2)])

main.publish("r/1", "kept", 1, True)
reader = Client("reader")
reader.subscribe(("r/#", 1))
first = reader.take()
main.publish("r/1", "", 1, True)
second = reader.take()
late = Client("late")
late.subscribe(("r/#", 1))
main.publish("r/2", "marker")
check("retained", [first, second, late.take()], [("r/1", "kept", 1, True), ("r/1", "", 1, False), ("r/2", "marker", 1, False)])

main.subscribe(("w/#", 1))
dying = Client("dying", will=("w/1", "died", 1))
dying.die()
check("will", main.take(), ("w/1", "died", 1, False))

same = Client("same")
other = Client("same")
check("takeover", (same.lost.wait(PATIENCE_S), other.lost.is_set()), (True, False))

kept = Client("kept", clean=False)
kept.subscribe(("s/1", 1))
kept.client.disconnect()
kept.lost.wait(PATIENCE_S)
main.publish("s/1", "missed")
again = Client("kept", clean=False)
check("session", (kept.session_present, again.session_present, again.take()), (0, 1, ("s/1", "missed", 1, False)))

main.subscribe(("o/#", 1), ("o/+", 2))
main.publish("o/1", "once", 2)
main.publish("o/1", "marker", 2)
check("overlap", [main.take(), main.take()], [("o/1", "once", 2, False), ("o/1", "marker", 2, False)])

main.subscribe(("b/#", 2))
infos = [other.client.publish(f"b/{i}", str(i), 2) for i in range(500)]
check("burst", [main.take()[1] for _ in range(500)], [str(i) for i in range(500)])

secure = Client("secure", ca=CA_FILE)
secure.subscribe(("t/#", 2))
secure.publish("t/1", "x" * 100_000, 2)
check("tls", len(secure.take()[1]), 100_000)
