// The service worker of the field page: opens it without a link, and sends waiting taps when the phone has one again, where the browser offers that.
import { flush, lastSeen } from "/assets/outbox.js";

const cacheName = "field-1";
// A half-open path never says no: what is kept is shown after this, and the page then says itself whether it hears the hub.
const keptAfterMs = 4000;
const giveUpMs = 30000;

self.addEventListener("install", event => event.waitUntil(self.skipWaiting()));

self.addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== cacheName) await caches.delete(name);
  await self.clients.claim();
})()));

// Whole within the time, body too. A redirect (signed out) goes to the browser as it is.
async function ask(request, limitMs) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limitMs);
  try {
    const answer = await fetch(request, { signal: abort.signal });
    if (!answer.ok || answer.redirected || answer.type !== "basic") return answer;
    return new Response(await answer.blob(), { status: answer.status, headers: answer.headers });
  } finally {
    clearTimeout(timer);
  }
}

// The hub first; what it said last when it cannot be reached. Calls and taps never come from here: the page keeps those itself.
async function answer(request, key) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(key);
  try {
    const fresh = await ask(request, kept ? keptAfterMs : giveUpMs);
    if (fresh.type === "default" && fresh.ok) await cache.put(key, fresh.clone());
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", event => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (pathname === "/field" || pathname.startsWith("/assets/")) event.respondWith(answer(event.request, pathname));
});

self.addEventListener("sync", event => {
  if (event.tag === "outbox") event.waitUntil(lastSeen().then(seen => seen && flush(seen.responderId)).then(done => { if (done === false) throw new Error("again"); }));
});
