// Acting: every button with data-post sends its JSON to the REST API, with an idempotency key, and says in words what came of it.
import { word, hasWord } from "./words.js";
import { refresh } from "./live.js";
import { turned } from "./room.js";

const toastMs = 9000;
const answerMaxMs = 8000;

export function toast(text, kind = "refused") {
  const list = document.getElementById("toasts");
  const item = document.createElement("p");
  item.className = "toast";
  item.dataset.kind = kind;
  item.textContent = text;
  list.replaceChildren(item);
  setTimeout(() => item.remove(), toastMs);
}

function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
}

export async function send(url, body, method = "POST") {
  const key = randomKey();
  const request = () => fetch(url, {
    method,
    headers: { "Content-Type": "application/json", "X-Gateway-Console": "1", "Idempotency-Key": key },
    body: body === undefined ? undefined : JSON.stringify(body),
    // On a path that swallows everything a request would hang for minutes, and the desk would not know.
    signal: AbortSignal.timeout(answerMaxMs),
  });
  try {
    // One repetition: the key makes it harmless, and the first try may have met a hub that was just starting.
    return await request().catch(request);
  } catch {
    toast(word("js.failed.unreachable"));
    return null;
  }
}

export async function problemText(answer) {
  try {
    const problem = await answer.json();
    if (problem.refusal && hasWord(`js.refusal.${problem.refusal}`)) return word(`js.refusal.${problem.refusal}`);
    const members = problem.errors ? Object.values(problem.errors).flat().join(" ") : "";
    return members || problem.detail || problem.title || word("js.failed.status", answer.status);
  } catch {
    return word("js.failed.status", answer.status);
  }
}

async function press(button) {
  if (button.disabled || button.hasAttribute("data-busy")) return;
  button.setAttribute("data-busy", "");
  const body = button.dataset.body ? JSON.parse(button.dataset.body) : {};
  if (button.dataset.collect) {
    body[button.dataset.collect] = [...document.querySelectorAll(`input[data-collect="${button.dataset.collect}"]:checked`)].map(box => box.value);
  }
  const answer = await send(button.dataset.post, body, button.dataset.method ?? "POST");
  button.removeAttribute("data-busy");
  if (answer && !answer.ok) toast(await problemText(answer));
  else if (answer && button.dataset.done) toast(button.dataset.done, "done");
  await refresh();
}

// A dialog asks for words (report, call-back ...) and sends them; it lives outside the live regions, so nothing typed is ever swapped away.
function openDialog(button) {
  const dialog = document.getElementById(button.dataset.dialog);
  const form = dialog.querySelector("form");
  if (form.dataset.oncePost) {
    dialog.showModal();
    return;
  }
  if (form.dataset.post !== button.dataset.dialogPost) form.reset();
  form.dataset.post = button.dataset.dialogPost;
  form.dataset.body = button.dataset.body ?? "";
  form.dataset.method = button.dataset.dialogMethod ?? "POST";
  const subject = dialog.querySelector("[data-subject]");
  if (subject) subject.textContent = button.dataset.subject ?? "";
  dialog.showModal();
  dialog.querySelector("textarea")?.focus();
}

async function submitDialog(form) {
  // The API reads `type` first: it says which members may follow.
  const body = form.elements.type ? { type: form.elements.type.value } : {};
  Object.assign(body, form.dataset.body ? JSON.parse(form.dataset.body) : {});
  for (const [name, value] of new FormData(form)) {
    // What may be left out and was, is not sent.
    if (value === "" && form.elements[name]?.hasAttribute?.("data-optional")) continue;
    // "assessment.text" is the member text of the member assessment.
    const path = name.split(".");
    const last = path.pop();
    let into = body;
    for (const step of path) into = into[step] ??= {};
    // "parties[]" is a list: one value per ticked box.
    if (last.endsWith("[]")) (into[last.slice(0, -2)] ??= []).push(value);
    else into[last] = value;
  }
  const answer = await send(form.dataset.post, body, form.dataset.method);
  if (answer?.ok) {
    form.reset();
    form.closest("dialog").close();
  } else if (answer) {
    const wrong = form.querySelector("[data-wrong-text]");
    wrong.textContent = await problemText(answer);
  }
  await refresh();
}

document.addEventListener("click", event => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.post) press(button);
  else if (button.dataset.dialog) openDialog(button);
  else if (button.hasAttribute("data-close-dialog")) button.closest("dialog").close();
  else if (button.hasAttribute("data-print")) print();
});

document.addEventListener("submit", event => {
  // A form whose answer is shown once is once.js's.
  if (!event.target.closest("dialog") || event.target.matches("[data-once-post]")) return;
  event.preventDefault();
  submitDialog(event.target);
});

// Words are saved without leaving the keyboard; Enter alone is a new line.
document.addEventListener("keydown", event => {
  const form = event.target.closest("dialog[open] form");
  if (form === null || event.key !== "Enter" || !event.ctrlKey) return;
  event.preventDefault();
  form.requestSubmit();
});

// The key map is what the page shows: a key presses the visible button that carries it.
function pressKey(key) {
  const button = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(candidate => !candidate.disabled && candidate.offsetParent !== null);
  button?.click();
  return button !== undefined;
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  // A key that comes while the page turns to another call is meant for that one; it is done when that one is shown, and not at all when another is.
  const turning = turned();
  if (turning !== null && document.querySelector(`[data-key="${CSS.escape(key)}"]`)) {
    event.preventDefault();
    turning.then(isShown => { if (isShown) pressKey(key); });
  } else if (turning === null && pressKey(key)) {
    event.preventDefault();
  }
});
