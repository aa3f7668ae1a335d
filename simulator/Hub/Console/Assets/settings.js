// The configuration of a board: sent whole, with the version that was seen; each offence stands at the setting that it names.
import { send, problemText, toast } from "./act.js";
import { hasWord, word } from "./words.js";
import { refresh } from "./live.js";

function read(input) {
  const value = input.value.trim();
  if (input.dataset.kind === "zone") return value;
  if (value === "") return undefined;
  if (input.dataset.kind === "switch") return value === "true";
  // What is no whole number goes as it was typed: the hub says what is wrong with it.
  if (input.dataset.kind === "number") return /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  return value;
}

async function tell(form, problem) {
  const members = Object.keys(problem.errors ?? {}).filter(name => form.elements[name]);
  for (const name of members) {
    const key = `js.setting.${problem.refusal}`;
    form.querySelector(`[data-wrong-of="${CSS.escape(name)}"]`).textContent = hasWord(key) ? word(key) : problem.errors[name].join(" ");
    form.elements[name].closest(".field").setAttribute("data-wrong", "");
  }
  if (members.length > 0) form.elements[members[0]].focus();
  return members.length > 0;
}

document.addEventListener("submit", async event => {
  const form = event.target.closest("form[data-settings]");
  if (!form) return;
  event.preventDefault();
  for (const place of form.querySelectorAll("[data-wrong-of], [data-wrong-text]")) place.textContent = "";
  for (const field of form.querySelectorAll("[data-wrong]")) field.removeAttribute("data-wrong");
  const settings = {};
  for (const input of form.querySelectorAll("[data-kind]")) {
    const value = read(input);
    if (value !== undefined) settings[input.name] = value;
  }
  const answer = await send(form.dataset.settings, { settings, expectedVersion: Number(form.dataset.version) }, "PUT");
  if (!answer) return;
  if (answer.ok) {
    form.dataset.version = (await answer.json()).desiredVersion;
    toast(form.dataset.done, "done");
    await refresh();
    return;
  }
  const problem = await answer.clone().json().catch(() => ({}));
  if (await tell(form, problem)) return;
  form.querySelector("[data-wrong-text]").textContent = problem.refusal === "changed-meanwhile" ? form.dataset.changed : await problemText(answer);
});
