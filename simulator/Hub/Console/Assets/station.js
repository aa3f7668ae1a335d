// The station file: the hub checks it as soon as it is chosen, which changes nothing, and says what it would change; only then can it be imported.
import { problemText, toast } from "./act.js";
import { refresh } from "./live.js";
import { word } from "./words.js";

// The hub's own bound, and what a file of that size may take over a slow line.
const fileMaxBytes = 4 * 1024 * 1024;
const answerMaxMs = 30000;

async function sendText(url, text, method) {
  try {
    return await fetch(url, { method, headers: { "Content-Type": "application/yaml", "X-Gateway-Console": "1" }, body: text, signal: AbortSignal.timeout(answerMaxMs) });
  } catch {
    toast(word("js.failed.unreachable"));
    return null;
  }
}

function line(into, text, kind = "") {
  const item = document.createElement("p");
  item.className = kind;
  item.textContent = text;
  into.append(item);
}

function list(into, lines) {
  const items = document.createElement("ul");
  for (const text of lines) items.append(Object.assign(document.createElement("li"), { textContent: text }));
  into.append(items);
}

function showErrors(into, errors) {
  line(into, word("js.station.wrong", errors.length), "wrong");
  list(into, errors.map(error => error.line > 0 ? word("js.station.line", error.line, error.sentence) : error.sentence));
}

const named = (ids, count) => ids.join(", ") + (count > ids.length ? " …" : "");

// What the dry run found; true when the file can be imported.
function showCheck(into, check) {
  if (!check.good) {
    showErrors(into, check.errors);
    return false;
  }
  const { holds, changes } = check;
  line(into, word("js.station.good", holds.villages, holds.callPoints, holds.boards, holds.responders));
  if (changes.isAnotherStation) {
    line(into, word("js.station.another"), "wrong");
    return false;
  }
  const changed = [];
  for (const one of changes.lists) {
    if (one.added > 0) changed.push(word("js.station.added", word(`js.station.list.${one.list}`), one.added, named(one.addedIds, one.added)));
    if (one.removed > 0) changed.push(word("js.station.removed", word(`js.station.list.${one.list}`), one.removed, named(one.removedIds, one.removed)));
  }
  if (changed.length > 0) list(into, changed);
  else line(into, word("js.station.same"), "quiet");
  if (changes.openIncidentsTouched.length > 0) line(into, word("js.station.touched", changes.openIncidentsTouched.join(", ")), "warned");
  return true;
}

async function check(form) {
  const found = form.querySelector("[data-found]");
  const button = form.querySelector("[data-import]");
  found.replaceChildren();
  if (button) button.hidden = true;
  const file = form.querySelector("input[type=file]").files[0];
  if (!file) return;
  if (file.size > fileMaxBytes) {
    line(found, word("js.station.too-large"), "wrong");
    return;
  }
  const text = await file.text();
  const answer = await sendText("/api/station/check", text, "POST");
  // Another file was chosen meanwhile: that one is being asked about.
  if (!answer || form.querySelector("input[type=file]").files[0] !== file) return;
  if (!answer.ok) {
    line(found, await problemText(answer), "wrong");
    return;
  }
  const good = showCheck(found, await answer.json());
  if (!button || !good) return;
  button.hidden = false;
  button.onclick = () => importFile(form, text);
}

async function importFile(form, text) {
  const button = form.querySelector("[data-import]");
  button.hidden = true;
  const answer = await sendText("/api/station/file", text, "PUT");
  if (!answer) {
    button.hidden = false;
    return;
  }
  const found = form.querySelector("[data-found]");
  found.replaceChildren();
  if (answer.ok) {
    form.reset();
    toast(form.dataset.done, "done");
  } else {
    line(found, await problemText(answer), "wrong");
  }
  await refresh();
}

for (const form of document.querySelectorAll("form[data-station-file]")) {
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("change", () => check(form));
}
