// The service worker of the field page: opens it without a link, and sends waiting taps when the phone has one again, where the browser offers that.
import { flush, lastSeen } from "/assets/outbox.js";

const cacheName = "field-1";

self.addEventListener("install", event => event.waitUntil(self.skipWaiting()));

self.addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== cacheName) await caches.delete(name);
  await self.clients.claim();
})()));

// The hub first; what it said last when it cannot be reached. Calls and taps never come from here: the page keeps those itself.
async function answer(request, key) {
  const cache = await caches.open(cacheName);
  try {
    const fresh = await fetch(request);
    if (fresh.ok && !fresh.redirected && fresh.type === "basic") await cache.put(key, fresh.clone());
    return fresh;
  } catch (error) {
    const kept = await cache.match(key);
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
