// Forms whose answer is shown once (a secret, recovery codes, a board's file): it goes into the panel that the form names, and nowhere else.
import { send, problemText, toast } from "./act.js";
import { refresh } from "./live.js";

function show(panel, answer) {
  for (const place of panel.querySelectorAll("[data-once]")) {
    const value = answer[place.dataset.once];
    place.hidden = value === null || value === undefined;
    if (place.hidden) continue;
    if (place.dataset.once === "qr") {
      place.replaceChildren(document.importNode(new DOMParser().parseFromString(value, "image/svg+xml").documentElement, true));
    } else if (place.tagName === "A") {
      URL.revokeObjectURL(place.href);
      place.href = URL.createObjectURL(new Blob([value], { type: "application/octet-stream" }));
    } else {
      place.textContent = value;
    }
  }
  panel.hidden = false;
  if (panel.closest("dialog")) panel.closest("dialog").scrollTop = 0;
  else panel.scrollIntoView({ block: "nearest" });
}

// What was shown once is gone from the page: when its dialog closes, or when the next step has begun.
function clear(panel) {
  panel.hidden = true;
  for (const place of panel.querySelectorAll("[data-once]")) {
    if (place.tagName === "A") {
      URL.revokeObjectURL(place.href);
      place.removeAttribute("href");
    } else {
      place.replaceChildren();
    }
  }
}

function forget(dialog) {
  for (const form of dialog.querySelectorAll("form[data-once-post]")) {
    form.hidden = false;
    form.reset();
    clear(document.getElementById(form.dataset.onceShow));
  }
}

// "2026-12-31" is the end of that day where the station is.
function endOfDay(date) {
  return new Date(Date.parse(date) + 86_400_000 - Number(document.body.dataset.zoneMs)).toISOString();
}

function valueOf(input, value) {
  if (input.type === "number") return Number(value);
  return input.type === "date" ? endOfDay(value) : value;
}

document.addEventListener("close", event => {
  if (event.target.matches?.("dialog")) forget(event.target);
}, true);

document.addEventListener("click", async event => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  if (!navigator.clipboard) {
    // Without HTTPS a browser copies nothing for a page: the text is marked, and Ctrl+C does it.
    getSelection().selectAllChildren(text);
    return;
  }
  await navigator.clipboard.writeText(text.textContent);
  if (button.dataset.done) toast(button.dataset.done, "done");
});

document.addEventListener("submit", async event => {
  const form = event.target.closest("form[data-once-post]");
  if (!form) return;
  event.preventDefault();
  const wrong = form.querySelector("[data-wrong-text]");
  wrong.textContent = "";
  const body = {};
  for (const [name, value] of new FormData(form)) {
    if (name.endsWith("[]")) (body[name.slice(0, -2)] ??= []).push(value);
    else if (name.endsWith("?")) body[name.slice(0, -1)] = true;
    else if (value !== "") body[name] = valueOf(form.elements[name], value);
  }
  const answer = await send(form.dataset.oncePost, body);
  if (!answer) return;
  if (!answer.ok) {
    wrong.textContent = await problemText(answer);
    return;
  }
  form.reset();
  if (form.closest("dialog")) form.hidden = true;
  if (form.dataset.onceHide) clear(document.getElementById(form.dataset.onceHide));
  show(document.getElementById(form.dataset.onceShow), await answer.json());
  await refresh();
});
