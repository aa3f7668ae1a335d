// What was tapped on this phone and where it stands: waiting, sent, refused. Kept in IndexedDB, so that neither a lost link nor a closed page loses a tap.
// The page and the service worker both send; a lock lets one send at a time, and the key of a tap makes a repetition harmless.

const databaseName = "field";
const tapsMax = 200;
const keptMs = 24 * 3600 * 1000;
// On a path that swallows everything a request hangs for minutes, and all other taps wait behind its lock; the hub itself answers within a second.
const answerMaxMs = 6000;
// The one that sends may be a page that the phone has put to sleep in the middle. Then two send: the key of a tap makes that harmless.
const turnMaxMs = 8000;

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  const request = indexedDB.open(databaseName, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("taps", { keyPath: "key" });
    request.result.createObjectStore("seen");
  };
  return done(request);
}

async function inStore(name, mode, work) {
  const database = await open();
  try {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const finished = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    const result = await work(transaction.objectStore(name));
    await finished;
    return result;
  } finally {
    database.close();
  }
}

function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
}

// Resolves once the tap is on the phone's disk. Fails, loudly, when the phone can keep no more: then nothing was tapped.
export async function keep(responderId, incidentId, body) {
  const tap = { key: randomKey(), responderId, incidentId, body, state: "waiting", order: Date.now() };
  await inStore("taps", "readwrite", async store => {
    if (await done(store.count()) >= tapsMax) throw new Error("full");
    store.add(tap);
  });
  return tap;
}

export async function taps(responderId) {
  const all = await inStore("taps", "readonly", store => done(store.getAll()));
  return all.filter(tap => tap.responderId === responderId).sort((a, b) => a.order - b.order);
}

export function forget(key) {
  return inStore("taps", "readwrite", store => { store.delete(key); });
}

// The last that this phone saw of its calls, for when it is opened without a link.
export function remember(seen) {
  return inStore("seen", "readwrite", store => { store.put(seen, "calls"); });
}

export function lastSeen() {
  return inStore("seen", "readonly", store => done(store.get("calls")));
}

export function forgetSeen() {
  return inStore("seen", "readwrite", store => { store.clear(); });
}

// What the hub answered, as the tap's new state; null while it should be tried again.
async function post(tap) {
  const answer = await fetch(`/api/field/incidents/${tap.incidentId}/commands`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Gateway-Console": "1", "Idempotency-Key": tap.key },
    body: JSON.stringify(tap.body),
    signal: AbortSignal.timeout(answerMaxMs),
  });
  if (answer.ok) return { state: "sent", at: Date.parse((await answer.json()).at) };
  // 401: signed out, 429: too fast, 5xx: the hub cannot now. All pass.
  if (answer.status === 401 || answer.status === 429 || answer.status >= 500) return null;
  const problem = await answer.json().catch(() => ({}));
  return { state: "refused", refusal: problem.refusal ?? "", text: problem.detail ?? String(answer.status), at: Date.now() };
}

async function sendAll(responderId) {
  for (const tap of await taps(responderId)) {
    if (tap.state === "sent" && Date.now() - tap.order > keptMs) await forget(tap.key);
    if (tap.state !== "waiting") continue;
    const outcome = await post(tap);
    // In order: what was tapped later waits for what was tapped before it.
    if (outcome === null) return false;
    await inStore("taps", "readwrite", store => { store.put({ ...tap, ...outcome }); });
  }
  return true;
}

async function sendOnce(responderId) {
  try {
    return await sendAll(responderId);
  } catch {
    return false; // No link: the taps wait, and say so.
  }
}

// True when nothing waits any more. Another page or the worker that is sending already does the work of this call.
export function flush(responderId) {
  const turn = () => sendOnce(responderId);
  // Without HTTPS a browser has no locks, and no worker to take turns with.
  if (!navigator.locks) return turn();
  return navigator.locks.request("outbox", { signal: AbortSignal.timeout(turnMaxMs) }, turn).catch(turn);
}
