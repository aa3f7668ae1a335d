// Forms whose answer is shown once (a secret, recovery codes, a board's file): it goes into the panel that the form names, and nowhere else.
import { send, problemText } from "./act.js";

function show(panel, answer) {
  for (const place of panel.querySelectorAll("[data-once]")) {
    const value = answer[place.dataset.once];
    place.hidden = value === null || value === undefined;
    if (place.hidden) continue;
    if (place.dataset.once === "qr") {
      place.replaceChildren(document.importNode(new DOMParser().parseFromString(value, "image/svg+xml").documentElement, true));
    } else if (place.tagName === "A") {
      place.href = URL.createObjectURL(new Blob([value], { type: "application/octet-stream" }));
    } else {
      place.textContent = value;
    }
  }
  panel.hidden = false;
  panel.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", async event => {
  const form = event.target.closest("form[data-once-post]");
  if (!form) return;
  event.preventDefault();
  const wrong = form.querySelector("[data-wrong-text]");
  wrong.textContent = "";
  const body = {};
  for (const [name, value] of new FormData(form)) {
    if (name.endsWith("[]")) (body[name.slice(0, -2)] ??= []).push(value);
    else if (value !== "") body[name] = form.elements[name].type === "number" ? Number(value) : value;
  }
  const answer = await send(form.dataset.oncePost.replace("{device}", encodeURIComponent(body.device ?? "")), body);
  if (!answer) return;
  if (!answer.ok) {
    wrong.textContent = await problemText(answer);
    return;
  }
  form.reset();
  show(document.getElementById(form.dataset.onceShow), await answer.json());
});
