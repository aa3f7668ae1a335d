// The command room's own habit: the selected call is held in the address, and no new call ever takes the operator's hand away from it.
import { refresh } from "./live.js";

const selected = document.getElementById("room-selected");

function addressOf(id) {
  return id ? "/room?incident=" + id : "/room";
}

// What is shown is held, from the first moment: otherwise a more urgent call could slip under a key that was meant for this one.
function hold() {
  const shown = selected.dataset.incident ?? "";
  if (new URLSearchParams(location.search).get("incident") !== (shown || null)) history.replaceState(null, "", addressOf(shown));
}

async function select(id) {
  history.replaceState(null, "", addressOf(id));
  await refresh();
}

function calls() {
  return [...document.querySelectorAll("a[data-select]")];
}

function step(by) {
  const list = calls();
  if (list.length === 0) return;
  const at = list.findIndex(call => call.hasAttribute("aria-current"));
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
