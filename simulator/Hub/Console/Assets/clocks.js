// Running clocks. The hub's clock is the only clock: its time stands in the page and in every beat of the stream, and only the difference to ours is kept.
import { word } from "./words.js";

let offsetMs = Number(document.body.dataset.now) - Date.now();

export function setHubTime(unixMs) {
  if (Number.isFinite(unixMs)) offsetMs = unixMs - Date.now();
}

export function hubNow() {
  return Date.now() + offsetMs;
}

function ago(seconds) {
  if (seconds < 60) return word("js.ago.seconds", seconds);
  if (seconds < 3600) return word("js.ago.minutes", Math.floor(seconds / 60), seconds % 60);
  if (seconds < 86400) return word("js.ago.hours", Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60);
  return word("js.ago.days", Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24);
}

function length(seconds) {
  const two = value => String(value).padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  if (seconds < 2 * 86400) return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return word("js.length.days", Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24);
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function tick() {
  const now = hubNow();
  for (const element of document.querySelectorAll("[data-ago]")) {
    setText(element, ago(Math.max(0, Math.floor((now - Number(element.dataset.ago)) / 1000))));
  }
  for (const element of document.querySelectorAll("[data-running]")) {
    setText(element, length(Math.max(0, Math.floor((now - Number(element.dataset.running)) / 1000))));
  }
  for (const element of document.querySelectorAll("[data-due]")) {
    const leftSeconds = Math.ceil((Number(element.dataset.due) - now) / 1000);
    const name = element.dataset.name ?? "";
    const isSoon = leftSeconds >= 0 && element.dataset.warn !== undefined && now >= Number(element.dataset.warn);
    setText(element, leftSeconds < 0 ? word("js.due.over", name, length(-leftSeconds)) : word(isSoon ? "js.due.soon" : "js.due.left", name, length(leftSeconds)));
    element.toggleAttribute("data-soon", isSoon);
    element.toggleAttribute("data-over", leftSeconds < 0);
  }
  for (const element of document.querySelectorAll("[data-clock]")) {
    setText(element, new Date(now + Number(document.body.dataset.zoneMs)).toISOString().slice(11, 19));
  }
}

setInterval(tick, 500);
tick();
