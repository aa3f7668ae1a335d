// The patrol points of this shift on the field page: a list, and "I am here". It needs a link, and says so when there is none.
import { word, hasWord } from "./words.js";

const everyMs = 60000;
const answerMaxMs = 6000;
const part = document.getElementById("field-patrol");
const list = document.getElementById("field-patrol-list");
const said = document.getElementById("field-patrol-said");
const language = document.documentElement.lang.split("-")[0];
// As the hub does: the reader's language, else Chinese, else English.
const text = local => (["zh", "en", "mn"].includes(language) && local[language]) || local.zh || local.en;
const clock = at => new Date(Date.parse(at) + Number(document.body.dataset.zoneMs)).toISOString().slice(11, 16);

function el(tag, members, ...children) {
  const made = Object.assign(document.createElement(tag), members);
  made.append(...children);
  return made;
}

function row(point) {
  const late = point.overdueSince ? ` · ${word("js.patrol.overdue", clock(point.overdueSince))}` : "";
  const last = point.lastAt ? ` · ${clock(point.lastAt)}` : "";
  const state = el("span", { className: point.overdueSince ? "small warned" : "small quiet", textContent: `${text(point.village)} · ${point.done}/${point.required}${last}${late}` });
  const here = el("button", { type: "button", className: "button", textContent: word("js.patrol.here") });
  here.setAttribute("aria-label", `${word("js.patrol.here")}: ${text(point.name)}`);
  here.addEventListener("click", () => checkIn(point, here));
  return el("li", {}, el("span", { className: "stack" }, el("strong", { textContent: text(point.name) }), state), here);
}

async function checkIn(point, button) {
  button.disabled = true;
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
  try {
    const answer = await fetch(`/api/field/patrol/${point.shiftId}/${point.pointId}`, { method: "POST", headers: { "X-Gateway-Console": "1", "Idempotency-Key": key }, signal: AbortSignal.timeout(answerMaxMs) });
    const problem = answer.ok ? null : await answer.json().catch(() => ({}));
    said.textContent = answer.ok ? word("js.patrol.done", text(point.name)) : hasWord(`js.refusal.${problem.refusal}`) ? word(`js.refusal.${problem.refusal}`) : problem.detail ?? word("js.patrol.no-link");
    await read();
  } catch {
    said.textContent = word("js.patrol.no-link");
  }
  button.disabled = false;
}

async function read() {
  const answer = await fetch("/api/field/patrol", { cache: "no-store", signal: AbortSignal.timeout(answerMaxMs) }).catch(() => null);
  if (!answer?.ok) return;
  const points = await answer.json();
  const focused = [...list.querySelectorAll("button")].indexOf(document.activeElement);
  list.replaceChildren(...points.map(row));
  if (focused >= 0) list.querySelectorAll("button")[focused]?.focus();
  part.hidden = points.length === 0;
  part.querySelector("summary span").textContent = `${points.filter(point => point.done >= point.required).length}/${points.length}`;
}

read();
setInterval(() => { if (document.visibilityState === "visible") read(); }, everyMs);
