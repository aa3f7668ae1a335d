// Menus: a button with data-opens shows and hides the element of that id. One is open at a time; Escape, a click elsewhere and leaving it close it.
function set(button, open) {
  button.setAttribute("aria-expanded", String(open));
  document.getElementById(button.dataset.opens).classList.toggle("open", open);
}

function openButtons() {
  return [...document.querySelectorAll("[data-opens][aria-expanded=true]")];
}

// The whole that a menu belongs to: its button and what that shows.
function holds(button, element) {
  return button.contains(element) || document.getElementById(button.dataset.opens).contains(element);
}

document.addEventListener("click", event => {
  const button = event.target.closest("[data-opens]");
  const wasOpen = button?.getAttribute("aria-expanded") === "true";
  for (const other of openButtons()) if (other === button || !holds(other, event.target)) set(other, false);
  if (button) set(button, !wasOpen);
});

document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  const last = openButtons().at(-1);
  if (!last) return;
  set(last, false);
  last.focus();
});

document.addEventListener("focusout", event => {
  if (event.relatedTarget === null) return;
  for (const button of openButtons()) if (!holds(button, event.relatedTarget)) set(button, false);
});

// What scrolls sideways is a stop for the keyboard; what fits is none.
function reach() {
  for (const part of document.querySelectorAll(".scroll")) {
    if (part.scrollWidth > part.clientWidth) part.setAttribute("tabindex", "0");
    else part.removeAttribute("tabindex");
  }
}

addEventListener("resize", reach);
document.addEventListener("page-fresh", reach);
reach();
