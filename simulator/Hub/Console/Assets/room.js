// The command room's own habit: the selected call is held in the address, and no new call ever takes the operator's hand away from it.
import { refresh } from "./live.js";

const selected = document.getElementById("room-selected");

// While the page turns to another call: resolves to whether that call is the one that is shown then. Null when it is not turning.
let turning = null;
let turns = 0;

export function turned() {
  return turning;
}

function addressOf(id) {
  return id ? "/room?incident=" + id : "/room";
}

// What is shown is held, from the first moment: otherwise a more urgent call could slip under a key that was meant for this one.
function hold() {
  // What is shown now may be the answer to a question that was asked before the hand moved on.
  if (turning !== null) return;
  const shown = selected.dataset.incident ?? "";
  if (new URLSearchParams(location.search).get("incident") !== (shown || null)) history.replaceState(null, "", addressOf(shown));
}

// Marked at once, shown when the hub has answered; until then nothing can be done with the call that the hand has left.
function select(id) {
  const turn = ++turns;
  history.replaceState(null, "", addressOf(id));
  for (const call of calls()) call.toggleAttribute("data-chosen", call.dataset.select === id);
  selected.inert = true;
  turning = refresh().then(() => {
    if (turn !== turns) return turning;
    turning = null;
    selected.inert = false;
    for (const call of calls()) call.removeAttribute("data-chosen");
    const isShown = selected.dataset.incident === id;
    hold();
    return isShown;
  });
  return turning;
}

function calls() {
  return [...document.querySelectorAll("a[data-select]")];
}

function step(by) {
  const list = calls();
  if (list.length === 0) return;
  const chosen = list.findIndex(call => call.hasAttribute("data-chosen"));
  const at = chosen >= 0 ? chosen : list.findIndex(call => call.hasAttribute("aria-current"));
  const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
  select(next.dataset.select);
  next.scrollIntoView({ block: "nearest" });
}

if (selected) {
  hold();
  document.addEventListener("page-fresh", hold);
  document.addEventListener("click", event => {
    const chosen = event.target.closest("[data-select]");
    if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (chosen.tagName === "A") event.preventDefault();
    select(chosen.dataset.select);
    if (matchMedia("(max-width: 700px)").matches) selected.scrollIntoView();
  });
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key.toUpperCase() === "T") step(-calls().length);
    else return;
    event.preventDefault();
  });
}
