// The boards page: a press here closes the virtual contact, a release opens it; what is drawn is what the virtual pins do.
import { word } from "/assets/words.js";
import { toast, problemText } from "/assets/act.js";

const boards = new Map([...document.querySelectorAll("[data-board]")].map(element => [element.dataset.board, element]));

// A mouse's tap is shorter than any finger's press, ms.
const tapMs = 150;

// One after the other for each board: a release must not overtake its press, or the contact stays closed.
const turns = new Map();

function send(board, path, body, afterMs = 0) {
  const turn = (turns.get(board) ?? Promise.resolve())
    .then(() => new Promise(go => setTimeout(go, afterMs)))
    .then(() => post(board, path, body));
  turns.set(board, turn);
}

async function post(board, path, body) {
  try {
    const answer = await fetch(`/api/demo/boards/${board}/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Gateway-Console": "1" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) toast(await problemText(answer));
  } catch {
    toast(word("js.failed.unreachable"));
  }
}

const boardOf = element => element.closest("[data-board]").dataset.board;

const pressed = new WeakMap();

// A held button: down closes the contact, up (wherever it happens) opens it. A lost pointer is a release.
function hold(button, down) {
  if (button.hasAttribute("data-down") === down) return;
  button.toggleAttribute("data-down", down);
  const heldMs = performance.now() - (pressed.get(button) ?? 0);
  if (down) pressed.set(button, performance.now());
  send(boardOf(button), `inputs/${button.dataset.hold}`, { asserted: down }, down ? 0 : tapMs - heldMs);
}

document.addEventListener("pointerdown", event => {
  const button = event.target.closest("[data-hold]");
  if (!button || event.button !== 0) return;
  button.setPointerCapture(event.pointerId);
  hold(button, true);
});
for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) {
  document.addEventListener(kind, event => {
    const button = event.target.closest?.("[data-hold]");
    if (button) hold(button, false);
  });
}
for (const [kind, down] of [["keydown", true], ["keyup", false]]) {
  document.addEventListener(kind, event => {
    const button = event.target.closest?.("[data-hold]");
    if (!button || (event.key !== " " && event.key !== "Enter") || event.repeat) return;
    event.preventDefault();
    hold(button, down);
  });
}
document.addEventListener("focusout", event => {
  const button = event.target.closest?.("[data-hold][data-down]");
  if (button) hold(button, false);
});

document.addEventListener("click", event => {
  const cut = event.target.closest("[data-cut]");
  if (cut) send(boardOf(cut), "cut", {});
  const toggle = event.target.closest("[data-toggle]");
  if (!toggle) return;
  const on = toggle.getAttribute("aria-checked") !== "true";
  const [path, member] = toggle.dataset.toggle.split(":");
  toggle.setAttribute("aria-checked", String(on));
  send(boardOf(toggle), path, { [member]: on });
});

document.addEventListener("change", event => {
  const loop = event.target.closest("[data-loop]");
  if (loop) send(boardOf(loop), `loops/${loop.dataset.loop}`, { state: loop.value });
  const path = event.target.closest("[data-path]");
  if (path) send(boardOf(path), "path", { kind: path.value });
});

// Draws one board's state. Texts come from the page's own data, so that both languages are complete on the server's side.
function draw(state) {
  const element = boards.get(state.id);
  if (!element) return;
  element.querySelector(".box").toggleAttribute("data-off", !state.powered);
  for (const lamp of element.querySelectorAll("[data-lamp]")) {
    const on = state.lamps[lamp.dataset.lamp];
    lamp.dataset.state = on ? lamp.dataset.colour : "off";
    lamp.querySelector("[data-on]").hidden = !on;
  }
  for (const sound of element.querySelectorAll("[data-sound]")) sound.hidden = !state[sound.dataset.sound];
  for (const toggle of element.querySelectorAll("[data-toggle]")) {
    const name = toggle.dataset.toggle.split(":")[2];
    toggle.setAttribute("aria-checked", String(state.inputs[name] ?? state[name]));
  }
  for (const loop of element.querySelectorAll("[data-loop]")) loop.value = state.loops[loop.dataset.loop];
  element.querySelector("[data-path]").value = state.path;
  for (const [name, value] of Object.entries({ callBacklog: state.callBacklog, eventBacklog: state.eventBacklog, boot: state.boot })) {
    element.querySelector(`[data-figure="${name}"]`).textContent = value;
  }
  const latency = element.querySelector("[data-latency]");
  latency.hidden = state.lastPressToReceivedMs === null;
  latency.querySelector("[data-figure]").textContent = state.lastPressToReceivedMs ?? "";
  const link = element.querySelector("[data-link]");
  const linkState = !state.powered ? "off" : state.link;
  link.dataset.state = { up: "good", connecting: "warn", down: "bad", off: "off" }[linkState];
  for (const text of link.querySelectorAll("[data-when]")) text.hidden = text.dataset.when !== linkState;
}

function listen() {
  const source = new EventSource("/api/demo/boards/events");
  source.addEventListener("board", event => draw(JSON.parse(event.data)));
  source.onerror = () => {
    source.close();
    setTimeout(listen, 1000);
  };
}

listen();
