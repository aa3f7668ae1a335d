// Sign-in, set-up and sign-out.
const headers = { "Content-Type": "application/json", "X-Gateway-Console": "1" };

async function submit(form) {
  const button = form.querySelector("button[type=submit]");
  const wrong = form.querySelector("[data-wrong-text]");
  const body = {};
  for (const [name, value] of new FormData(form)) {
    // "roles[]" is the list roles.
    // "stay?" is the truth value stay.
    if (name.endsWith("?")) body[name.slice(0, -1)] = true;
    else if (name.endsWith("[]")) (body[name.slice(0, -2)] ??= []).push(value);
    else body[name] = value;
  }
  if ("again" in body && body.again !== body.password) {
    wrong.textContent = form.dataset.differ;
    return;
  }
  delete body.again;
  button.disabled = true;
  wrong.textContent = "";
  try {
    const answer = await fetch(form.dataset.post, { method: form.dataset.method ?? "POST", headers, body: JSON.stringify(body) });
    if (answer.ok) {
      location.href = form.dataset.next;
      return;
    }
    const problem = await answer.json().catch(() => ({}));
    const code = form.querySelector("[data-code]");
    if (code && (problem.refusal === "code-needed" || problem.refusal === "code-wrong")) {
      code.hidden = false;
      code.querySelector("input").focus();
    }
    const texts = JSON.parse(document.getElementById("words").textContent);
    wrong.textContent = texts[`js.refusal.${problem.refusal}`] ?? problem.detail ?? String(answer.status);
  } catch {
    wrong.textContent = form.dataset.unreachable;
  } finally {
    button.disabled = false;
  }
}

document.addEventListener("submit", event => {
  if (!event.target.matches("form[data-sign]")) return;
  event.preventDefault();
  submit(event.target);
});

document.addEventListener("click", async event => {
  if (!event.target.closest("[data-sign-out]")) return;
  await fetch("/api/session", { method: "DELETE", headers });
  location.href = "/sign-in";
});
