// The field page: my call on top, the next step as one big button, and the state of everything that was tapped.
// It draws from what the hub said last (kept on the phone) and from the outbox; a tap counts at once here and says itself how far it came.
import { hubNow, setHubTime, tick } from "./clocks.js";
import { word, hasWord } from "./words.js";
import { showPlace } from "./place.js";
import { flush, forget, forgetSeen, keep, lastSeen, remember, taps } from "./outbox.js";

const retryMs = 3000;
const silenceMaxMs = 8000;
const answerMaxMs = 6000;
const shellMaxMs = 30000;
const steps = ["sent", "accepted", "enRoute", "onScene", "handled"];
const stepOfTap = { accept: "accepted", enRoute: "enRoute", arrive: "onScene", report: "handled" };
const tapAfter = { sent: "accept", accepted: "enRoute", enRoute: "arrive", onScene: "report", handled: "report" };
const order = ["accept", "enRoute", "arrive", "report"];
const names = JSON.parse(document.getElementById("field-names").textContent);
const phrases = JSON.parse(document.getElementById("field-phrases").textContent);
const language = document.documentElement.lang.split("-")[0];

const main = document.getElementById("field-calls");
const said = document.getElementById("field-said");
const dialog = document.getElementById("field-dialog");

let seen = null;
let mine = [];
let link = "opening";
let source = null;
let heardMs = performance.now();
let written = "";
let shell = null;
let reopening = 0;
const keeping = new Set();

function el(tag, members = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "onclick") made.addEventListener("click", value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter(child => child !== null && child !== ""));
  return made;
}

// As the hub does: the reader's language, else Chinese, else English.
const text = local => (["zh", "en", "mn"].includes(language) && local[language]) || local.zh || local.en;
const clock = ms => new Date(ms + Number(document.body.dataset.zoneMs)).toISOString().slice(11, 19);
const tapsOf = call => mine.filter(tap => tap.incidentId === call.incidentId);

// How far I am, by the hub or by what this phone has still to tell it.
function stepOf(call) {
  const told = tapsOf(call).filter(tap => tap.state !== "refused" && tap.body.type in stepOfTap).map(tap => steps.indexOf(stepOfTap[tap.body.type]));
  return steps[Math.max(steps.indexOf(call.step), ...told)];
}

function isReported(call) {
  return tapsOf(call).some(tap => tap.body.type === "report" && tap.state !== "refused");
}

function isDeclined(call) {
  return tapsOf(call).some(tap => tap.body.type === "decline" && tap.state === "waiting");
}

function stateOf(tap) {
  if (tap.state === "sent") return word("js.field.sent", clock(tap.at));
  if (tap.state === "waiting") return word(link === "open" ? "js.field.sending" : "js.field.waiting");
  return word("js.field.refused", hasWord(`js.refusal.${tap.refusal}`) ? word(`js.refusal.${tap.refusal}`) : tap.text);
}

async function tap(call, type, extra = {}) {
  // A finger that trembles taps once: the next tap on a call counts when the page shows this one.
  if (keeping.has(call.incidentId)) return;
  keeping.add(call.incidentId);
  try {
    if (!(await isKept(call, type, extra))) return;
    await draw();
  } finally {
    keeping.delete(call.incidentId);
  }
  send();
}

async function isKept(call, type, extra) {
  try {
    await keep(seen.responderId, call.incidentId, { type, tappedAt: new Date(hubNow()).toISOString(), ...extra });
  } catch {
    // Said over the whole width, and nothing else is done: the person must use another way.
    document.getElementById("field-full").hidden = false;
    return false;
  }
  navigator.vibrate?.(60);
  navigator.serviceWorker?.ready.then(worker => worker.sync?.register("outbox")).catch(() => {});
  return true;
}

async function send() {
  if (seen === null) return;
  const before = mine.filter(tap => tap.state === "waiting").length;
  if (before > 0 && !(await flush(seen.responderId)) && !navigator.onLine) setLink("lost");
  await draw();
}

function ask(call, type) {
  const form = dialog.querySelector("form");
  form.reset();
  dialog.dataset.type = type;
  dialog.querySelector("h2").textContent = word(`js.field.ask.${type}`);
  dialog.querySelector("[data-subject]").textContent = `${names.kind[call.kind]} · ${text(call.place)}`;
  dialog.querySelector("[data-disposition]").hidden = type !== "report";
  form.onsubmit = event => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    dialog.close();
    tap(call, type, type === "report" ? { text: values.text, disposition: values.disposition } : { text: values.text });
  };
  dialog.showModal();
}

function mongolian(key) {
  return phrases[key] ? el("span", { class: "mongolian", lang: "mn-Mong", "aria-hidden": "true" }, phrases[key]) : null;
}

function progress(call, step) {
  return el("ol", { class: "field-steps" }, ...order.map(type => {
    const done = steps.indexOf(step) >= steps.indexOf(stepOfTap[type]) && (type !== "report" || isReported(call));
    const last = tapsOf(call).filter(tap => tap.body.type === type).at(-1);
    return el("li", { "data-state": last && last.state !== "sent" ? last.state : done ? "done" : "next" },
      el("span", {}, (last && last.state !== "sent" ? { waiting: "… ", refused: "✕ " }[last.state] : done ? "✓ " : "") + word(`js.field.did.${type}`)),
      el("span", { class: "small" }, last ? `${clock(Date.parse(last.body.tappedAt))} · ${stateOf(last)}` : ""));
  }));
}

function callBack(call) {
  if (call.silent) return el("p", { class: "band", "data-kind": "silent" }, word("js.field.silent"));
  return call.callBackNumber ? el("a", { class: "button field-ring", href: "tel:" + call.callBackNumber }, `☎ ${call.callBackNumber}`) : "";
}

function card(call, isFirst) {
  const step = stepOf(call);
  const next = tapAfter[step];
  const over = isReported(call);
  const words = word(`js.field.do.${next}`);
  return el("article", { class: "panel field-call", "data-priority": call.priority, "data-first": isFirst, id: "call-" + call.incidentId },
    el("header", {},
      el("span", { class: "mark", "data-priority": call.priority, "aria-hidden": "true" }, String(call.priority)),
      el("h2", {}, names.kind[call.kind]),
      el("time", { class: "figures wall", "data-running": Date.parse(call.happenedAt) })),
    call.virtual ? el("p", { class: "band", "data-kind": "virtual" }, word("js.field.virtual")) : "",
    el("p", { class: "field-place" }, text(call.place)),
    el("p", { class: "field-way" }, text(call.directions)),
    call.said ? el("p", { class: "band" }, call.said) : "",
    callBack(call),
    over || isDeclined(call) ? el("p", { class: "band" }, word(over ? "js.field.over" : "js.field.declined")) : el("button", { type: "button", class: "button field-main", "data-main": true, "data-tap": next, onclick: () => (next === "report" ? ask(call, "report") : tap(call, next)) },
      el("span", {}, words), mongolian(next)),
    progress(call, step),
    call.companions.length > 0 ? el("p", { class: "quiet" }, word("js.field.with", call.companions.map(other => `${text(other.name)} (${names.step[other.step]})`).join("; "))) : "",
    over || step === "handled" || isDeclined(call) ? "" : el("button", { type: "button", class: "button", onclick: () => ask(call, "decline") }, word("js.field.do.decline")));
}

function saidItem(tap) {
  return el("li", { "data-state": tap.state },
    el("span", {}, `${word(`js.field.did.${tap.body.type}`)} · ${clock(Date.parse(tap.body.tappedAt))}`),
    el("span", {}, stateOf(tap)),
    tap.state === "refused" && tap.body.text ? el("q", {}, tap.body.text) : "",
    tap.state === "refused" ? el("button", { type: "button", class: "button", onclick: () => forget(tap.key).then(draw) }, word("js.field.noted")) : "");
}

export async function draw() {
  mine = seen?.responderId ? await taps(seen.responderId) : [];
  const calls = seen?.calls ?? [];
  const content = JSON.stringify([seen?.calls, seen?.place, mine, link]);
  if (content === written) return;
  written = content;
  showPlace(seen, text);
  const focus = document.activeElement?.dataset.tap;
  main.replaceChildren(...calls.map((call, index) => card(call, index === 0)));
  if (calls.length === 0) main.replaceChildren(el("p", { class: "empty wall" }, word(seen?.responderId ? "js.field.none" : seen ? "js.field.nobody" : "js.field.loading")));
  if (focus) main.querySelector("[data-tap]")?.focus();
  main.dataset.ring = String(Math.min(...calls.filter(call => stepOf(call) === "sent" && !isDeclined(call)).map(call => call.priority), 9) % 9);
  main.dataset.ringCount = String(calls.filter(call => stepOf(call) === "sent").length);
  const open = calls.map(call => call.incidentId);
  said.replaceChildren(...mine.filter(tap => tap.state !== "sent" || !open.includes(tap.incidentId)).reverse().slice(0, 20).map(saidItem));
  document.getElementById("field-said-part").hidden = said.children.length === 0;
  const waiting = mine.filter(tap => tap.state === "waiting").length;
  const lamp = document.getElementById("field-link");
  lamp.dataset.state = link === "open" ? "good" : "bad";
  lamp.textContent = word(link === "open" ? "js.field.link.open" : link === "out" ? "js.field.link.out" : "js.field.link.lost") + (waiting > 0 ? " · " + word("js.field.count", waiting) : "");
  document.getElementById("field-sign-in").hidden = link !== "out";
  tick();
  document.dispatchEvent(new CustomEvent("page-fresh"));
}

function setLink(value) {
  if (link === value) return;
  link = value;
  draw();
}

function hear(at) {
  heardMs = performance.now();
  setHubTime(at);
  localStorage.setItem("hubOffsetMs", String(at - Date.now()));
}

async function reopen() {
  reopening = 0;
  try {
    const answer = await fetch("/api/session", { cache: "no-store", signal: AbortSignal.timeout(answerMaxMs) });
    if (answer.status === 401) setLink("out");
    else if (answer.ok) return listen();
  } catch {
    setLink("lost");
  }
  reopening = setTimeout(reopen, retryMs);
}

function retry() {
  source.close();
  source = null;
  setLink("lost");
  reopening = setTimeout(reopen, retryMs);
}

function listen() {
  heardMs = performance.now();
  source = new EventSource("/api/field/events");
  source.onerror = retry;
  source.addEventListener("calls", async event => {
    seen = JSON.parse(event.data);
    hear(Date.parse(seen.at));
    link = "open";
    // What cannot be kept is missing at the next start without a link, and nothing else waits for it: neither this picture nor a tap.
    await remember(seen).catch(() => {});
    await draw();
    send();
    shell ??= keepShell().catch(() => { shell = null; });
  });
  source.addEventListener("beat", event => {
    hear(JSON.parse(event.data).at);
    setLink("open");
    if (mine.some(tap => tap.state === "waiting")) send();
  });
}

addEventListener("offline", () => setLink("lost"));

// The phone says that it has a link again: what waits is sent now, and the stream asked for now, not at the next turn of the retry.
addEventListener("online", () => {
  send();
  if (reopening === 0) return;
  clearTimeout(reopening);
  reopen();
});

// Whatever the lamp says: a stream that was opened into a half-open path never says that it failed.
setInterval(() => {
  if (source !== null && performance.now() - heardMs > silenceMaxMs) retry();
}, 1000);

document.addEventListener("click", event => {
  if (event.target.closest("[data-close-dialog]")) dialog.close();
  // What the next person at this phone must not see. What was tapped stays until it is sent, and is sent for its own responder only.
  if (event.target.closest("[data-sign-out]")) {
    forgetSeen();
    caches?.keys().then(found => found.forEach(name => caches.delete(name)));
  }
});

// The screen stays on while a call is open, where the browser can: this page rings only while it is in view.
let lock = null;
document.addEventListener("page-fresh", async () => {
  const wanted = (seen?.calls.length ?? 0) > 0 && document.visibilityState === "visible";
  if (wanted && lock === null && navigator.wakeLock) {
    lock = await navigator.wakeLock.request("screen").catch(() => null);
    lock?.addEventListener("release", () => { lock = null; });
  } else if (!wanted && lock !== null) {
    lock.release();
  }
});

// What this page is made of goes into the cache at each load with a link: the first visit happened before the worker could see it.
async function keepShell() {
  const cache = await caches.open("field-1");
  const assets = performance.getEntriesByType("resource").map(entry => new URL(entry.name)).filter(url => url.origin === location.origin && url.pathname.startsWith("/assets/"));
  const paths = new Set(["/field", "/assets/icon.svg", "/assets/field.webmanifest", ...assets.map(url => url.pathname)]);
  const signal = AbortSignal.timeout(shellMaxMs);
  await cache.addAll([...paths].map(path => new Request(path, { signal })));
  await navigator.serviceWorker.ready;
  document.body.dataset.opensWithoutLink = "";
}

const offset = localStorage.getItem("hubOffsetMs");
if (offset !== null) setHubTime(Date.now() + Number(offset));
navigator.serviceWorker?.register("/assets/field-worker.js", { type: "module", scope: "/field" }).catch(() => { document.getElementById("field-online-only").hidden = false; });
if (!navigator.serviceWorker) document.getElementById("field-online-only").hidden = false;
seen = (await lastSeen().catch(() => null)) ?? null;
await draw();
listen();
