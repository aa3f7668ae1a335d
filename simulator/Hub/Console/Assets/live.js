// The one event stream, and what follows from it. A change at the hub makes the page fetch itself again and swap the regions marked data-live;
// so a region is written once, on the server, and is never out of step with the page.
import { hubNow, setHubTime, tick } from "./clocks.js";

// The hub beats every 3 s. 8 s without a beat is a loss even when the connection still looks open.
const silenceMaxMs = 8000;
const retryMs = 1000;
const paceMs = 1000;
// The hub answers within a second. On a path that swallows everything a fetch would hang for minutes, and nothing be fetched behind it.
const answerMaxMs = 8000;

let source = null;
let lastHeardMs = performance.now();
let lost = false;
let pace = 0;
let refreshing = null;
let refreshAgain = false;

const veil = document.getElementById("veil");
const linkLamp = document.getElementById("hub-link");

function setLost(value) {
  if (lost === value) return;
  lost = value;
  if (veil) {
    veil.hidden = !value;
    // Over an open dialog, too: the browser draws that above all layers but a later one of its kind.
    if (value) veil.showPopover?.();
    else veil.hidePopover?.();
  }
  for (const element of document.querySelectorAll("[data-lost-since]")) element.dataset.running = String(hubNow());
  if (linkLamp) linkLamp.hidden = value;
  document.dispatchEvent(new CustomEvent(value ? "hub-lost" : "hub-back"));
}

function open() {
  source?.close();
  lastHeardMs = performance.now();
  source = new EventSource(document.body.dataset.sound === "on" ? "/api/events?sound=on" : "/api/events");
  source.onopen = () => {
    lastHeardMs = performance.now();
    setLost(false);
    refresh();
  };
  source.onerror = retry;
  source.addEventListener("beat", event => {
    lastHeardMs = performance.now();
    setHubTime(JSON.parse(event.data).at);
  });
  for (const kind of ["incident", "gateway", "signal", "work", "hub", "resync"]) {
    source.addEventListener(kind, event => {
      lastHeardMs = performance.now();
      document.dispatchEvent(new CustomEvent("hub-change", { detail: { kind, ...JSON.parse(event.data) } }));
      follow(kind);
    });
  }
}

function retry() {
  source.close();
  source = null;
  setLost(true);
  setTimeout(reopen, retryMs);
}

// An incident is fetched at once. Gateways and signals change all the time: their pages follow once a second.
function follow(kind) {
  if (kind === "incident" || kind === "resync") {
    refresh();
  } else if (pace === 0 && [...document.querySelectorAll("[data-live]")].some(region => region.dataset.live.split(" ").includes(kind))) {
    pace = setTimeout(() => {
      pace = 0;
      refresh();
    }, paceMs);
  }
}

async function reopen() {
  try {
    const answer = await fetch("/api/session", { cache: "no-store", signal: AbortSignal.timeout(answerMaxMs) });
    if (answer.status === 401) {
      leave();
      return;
    }
    open();
  } catch {
    setTimeout(reopen, retryMs);
  }
}

function leave() {
  location.href = "/sign-in?back=" + encodeURIComponent(location.pathname + location.search);
}

// At most one fetch at a time; what changes meanwhile is fetched after it. So a storm costs one page per round trip and not one per change.
// Resolves when the page shows an answer that was asked for after this call, or none is to be had.
export function refresh() {
  if (document.querySelector("[data-live]") === null) return Promise.resolve();
  refreshAgain = true;
  refreshing ??= refreshAll().finally(() => {
    refreshing = null;
    if (refreshAgain) return refresh();
  });
  return refreshing;
}

async function refreshAll() {
  try {
    while (refreshAgain) {
      refreshAgain = false;
      const from = document.querySelector("[data-live-from]")?.dataset.liveFrom;
      const answer = await fetch(from ? from + location.search : location.href, { cache: "no-store", redirect: "manual", headers: { Accept: "text/html" }, signal: AbortSignal.timeout(answerMaxMs) });
      if (answer.type === "opaqueredirect") {
        leave();
        return;
      }
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (answer.ok) swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    // A loss is noticed by the stream, which says so, and refreshes when it is back. A hub that was only slow, or could not just then, is asked again.
    refreshAgain = false;
    if (!lost) setTimeout(refresh, retryMs);
  }
}

// Clocks run by themselves: a page that differs only in what they show has not changed.
const written = new WeakMap();

function still(html) {
  return html.replace(/(<[^>]*\bdata-(?:running|ago|due)="[^"]*"[^>]*>)[^<]*/g, "$1");
}

// A long list keeps the rows that are as they were: in a storm only what changed is built and drawn anew. Returns the list that stands in the page, in its new order.
function patchRows(list, next) {
  if (list === null) return null;
  const rows = new Map([...list.children].map(row => [row.dataset.row, row]));
  let at = list.firstElementChild;
  for (const fresh of [...next.children]) {
    const html = still(fresh.outerHTML);
    let row = rows.get(fresh.dataset.row);
    if (row === undefined || (written.get(row) ?? still(row.outerHTML)) !== html) {
      const made = document.importNode(fresh, true);
      if (row === at) at = at?.nextElementSibling ?? null;
      row?.remove();
      row = made;
      written.set(row, html);
    }
    rows.delete(fresh.dataset.row);
    if (row === at) at = at.nextElementSibling;
    else list.insertBefore(row, at);
  }
  for (const row of rows.values()) row.remove();
  next.replaceChildren();
  return list;
}

function swap(fresh) {
  setHubTime(Number(fresh.body.dataset.now));
  for (const region of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(region.id);
    if (next === null) continue;
    const nextHtml = still(next.innerHTML);
    if (written.get(region) === nextHtml) continue;
    const focus = region.contains(document.activeElement) ? document.activeElement : null;
    const focusKey = focus?.id ? "#" + CSS.escape(focus.id) : focus?.dataset.key ? `[data-key="${focus.dataset.key}"]` : null;
    const checked = new Map([...region.querySelectorAll("input[type=checkbox][data-keep]")].map(box => [box.dataset.keep, box.checked]));
    const opened = new Set([...region.querySelectorAll("details[open][id]")].map(details => details.id));
    const scrolled = new Map([...region.querySelectorAll("[data-scroll]")].map(part => [part.dataset.scroll, part.scrollTop]));
    const kept = [...next.querySelectorAll("[data-rows]")].map(list => [list.id, patchRows(document.getElementById(list.id), list)]);
    const replacement = document.importNode(next, true);
    for (const [id, list] of kept) if (list) replacement.querySelector("#" + CSS.escape(id)).replaceWith(list);
    region.replaceChildren(...replacement.childNodes);
    written.set(region, nextHtml);
    for (const box of region.querySelectorAll("input[type=checkbox][data-keep]")) {
      if (checked.has(box.dataset.keep)) box.checked = checked.get(box.dataset.keep);
    }
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    for (const part of region.querySelectorAll("[data-scroll]")) part.scrollTop = scrolled.get(part.dataset.scroll) ?? 0;
    if (focusKey) region.querySelector(focusKey)?.focus({ preventScroll: true });
    for (const name of next.getAttributeNames()) {
      if (name.startsWith("data-") && name !== "data-live") region.setAttribute(name, next.getAttribute(name));
    }
  }
  tick();
  document.dispatchEvent(new CustomEvent("page-fresh"));
}

// Also while the screen is covered: a stream that was opened into a half-open path never says that it failed.
setInterval(() => {
  if (source !== null && performance.now() - lastHeardMs > silenceMaxMs) retry();
}, 1000);

// A page that has become audible, or silent, says so by a new stream.
document.addEventListener("sound-changed", () => { if (!lost && source !== null) open(); });

// Who may not read (a volunteer at the help page) has no stream: nothing there follows the hub, and its refusal must not look like a loss.
if (linkLamp !== null) open();
