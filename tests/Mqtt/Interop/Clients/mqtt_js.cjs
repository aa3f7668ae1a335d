// MQTT.js against an endpoint: node mqtt_js.cjs PORT TLS_PORT CA_FILE PACKAGE_FOLDER. Prints `NAME ok` for each thing that went as it should.
const [port, tlsPort, caFile, packageFolder] = process.argv.slice(2);
const mqtt = require(packageFolder);
const patienceMs = 30_000;

class Client {
  static async connect(clientId, { clean = true, will, ca } = {}) {
    const one = new Client();
    one.messages = [];
    one.waiting = [];
    one.client = mqtt.connect({
      host: "127.0.0.1", port: Number(ca ? tlsPort : port), protocol: ca ? "mqtts" : "mqtt", protocolVersion: 4, clientId, clean, will, ca, reconnectPeriod: 0,
    });
    one.client.on("error", () => {});
    one.lost = new Promise((resolve) => one.client.on("close", resolve));
    one.client.on("message", (topic, payload, packet) => {
      const message = [topic, payload.toString(), packet.qos, packet.retain];
      const next = one.waiting.shift();
      next ? next(message) : one.messages.push(message);
    });
    const connack = await within(new Promise((resolve) => one.client.on("connect", resolve)), "connect");
    one.sessionPresent = connack.sessionPresent;
    return one;
  }

  subscribe(filters) {
    return within(this.client.subscribeAsync(filters), "subscribe");
  }

  publish(topic, text, qos = 1, retain = false) {
    return within(this.client.publishAsync(topic, text, { qos, retain }), "publish");
  }

  take() {
    return within(this.messages.length ? Promise.resolve(this.messages.shift()) : new Promise((resolve) => this.waiting.push(resolve)), "take");
  }
}

function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what}: nothing within ${patienceMs} ms`)), patienceMs); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function check(name, actual, expected) {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  console.log(a === e ? `${name} ok` : `${name} wrong: ${a}`);
}

async function run() {
  const main = await Client.connect("main");
  await main.subscribe({ "q/#": { qos: 2 } });
  const got = [];
  for (const qos of [0, 1, 2]) {
    await main.publish("q/1", `text ${qos}`, qos);
    got.push(await main.take());
  }
  check("qos", got, [0, 1, 2].map((qos) => ["q/1", `text ${qos}`, qos, false]));

  await main.publish("r/1", "kept", 1, true);
  const reader = await Client.connect("reader");
  await reader.subscribe({ "r/#": { qos: 1 } });
  const first = await reader.take();
  await main.publish("r/1", "", 1, true);
  const second = await reader.take();
  const late = await Client.connect("late");
  await late.subscribe({ "r/#": { qos: 1 } });
  await main.publish("r/2", "marker");
  check("retained", [first, second, await late.take()], [["r/1", "kept", 1, true], ["r/1", "", 1, false], ["r/2", "marker", 1, false]]);

  await main.subscribe({ "w/#": { qos: 1 } });
  const dying = await Client.connect("dying", { will: { topic: "w/1", payload: "died", qos: 1, retain: false } });
  dying.client.stream.destroy();
  check("will", await main.take(), ["w/1", "died", 1, false]);

  const same = await Client.connect("same");
  const other = await Client.connect("same");
  await within(same.lost, "takeover");
  check("takeover", [same.client.connected, other.client.connected], [false, true]);

  const kept = await Client.connect("kept", { clean: false });
  await kept.subscribe({ "s/1": { qos: 1 } });
  await within(kept.client.endAsync(), "end");
  await main.publish("s/1", "missed");
  const again = await Client.connect("kept", { clean: false });
  check("session", [kept.sessionPresent, again.sessionPresent, await again.take()], [false, true, ["s/1", "missed", 1, false]]);

  await main.subscribe({ "o/#": { qos: 1 }, "o/+": { qos: 2 } });
  await main.publish("o/1", "once", 2);
  await main.publish("o/1", "marker", 2);
  check("overlap", [await main.take(), await main.take()], [["o/1", "once", 2, false], ["o/1", "marker", 2, false]]);

  await main.subscribe({ "b/#": { qos: 2 } });
  const sent = Array.from({ length: 500 }, (_, i) => other.publish(`b/${i}`, `${i}`, 2));
  const order = [];
  for (let i = 0; i < 500; i++) order.push((await main.take())[1]);
  await Promise.all(sent);
  check("burst", order, Array.from({ length: 500 }, (_, i) => `${i}`));

  const secure = await Client.connect("secure", { ca: require("fs").readFileSync(caFile) });
  await secure.subscribe({ "t/#": { qos: 2 } });
  await secure.publish("t/1", "x".repeat(100_000), 2);
  check("tls", (await secure.take())[1].length, 100_000);
}

run().then(() => process.exit(0), (error) => { console.log(error.stack); process.exit(1); });
