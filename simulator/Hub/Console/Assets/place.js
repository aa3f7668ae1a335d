// Sharing one's place: only on a tap, only the nearest village, only until the shift ends. The hub forgets the coordinates at once.
import { word, hasWord } from "./words.js";

const timeoutMs = 20_000;
const ageMaxMs = 120_000;
const answerMaxMs = 6000;
const part = document.getElementById("field-place");
const said = document.getElementById("field-place-said");
const share = document.getElementById("field-place-share");
const hide = document.getElementById("field-place-hide");

export function showPlace(seen, name) {
  part.hidden = !seen?.responderId || !navigator.geolocation;
  hide.hidden = !seen?.place;
  said.textContent = seen?.place ? word("js.field.place.shared", name(seen.place)) : word("js.field.place.none");
}

async function change(method, body) {
  try {
    const answer = await fetch("/api/field/place", {
      method,
      headers: { "Content-Type": "application/json", "X-Gateway-Console": "1" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(answerMaxMs),
    });
    if (answer.ok) return;
    const problem = await answer.json().catch(() => ({}));
    said.textContent = hasWord(`js.refusal.${problem.refusal}`) ? word(`js.refusal.${problem.refusal}`) : word("js.failed.status", answer.status);
  } catch {
    said.textContent = word("js.failed.unreachable");
  }
}

share.addEventListener("click", () => {
  said.textContent = word("js.field.place.asking");
  navigator.geolocation.getCurrentPosition(
    found => change("PUT", { latitude: found.coords.latitude, longitude: found.coords.longitude }),
    () => { said.textContent = word("js.field.place.denied"); },
    { timeout: timeoutMs, maximumAge: ageMaxMs, enableHighAccuracy: false });
});
hide.addEventListener("click", () => change("DELETE"));
