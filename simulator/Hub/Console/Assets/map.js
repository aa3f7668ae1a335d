// The map's own view: zoom by buttons and wheel, move by dragging, filter by kind and state. Kept over every refresh of the picture, and in this tab only.
const panel = document.querySelector("[data-map]");
const zoomMin = 1;
const zoomMax = 8;
const stepFactor = 1.5;
const key = "map-view";

const view = { zoom: 1, x: 0.5, y: 0.5, kind: "", state: "", hidden: [], ...JSON.parse(sessionStorage.getItem(key) ?? "{}") };

function svg() {
  return panel.querySelector(".station-map[role=img]");
}

function show() {
  const map = svg();
  if (!map) return;
  const [width, height] = map.dataset.size.split(" ").map(Number);
  const half = 0.5 / view.zoom;
  view.x = Math.min(1 - half, Math.max(half, view.x));
  view.y = Math.min(1 - half, Math.max(half, view.y));
  map.setAttribute("viewBox", `${(view.x - half) * width} ${(view.y - half) * height} ${width / view.zoom} ${height / view.zoom}`);
  for (const alarm of map.querySelectorAll(".alarm")) {
    const isWaiting = alarm.classList.contains("waiting");
    const wanted = (view.kind === "" || alarm.dataset.kind === view.kind) && (view.state === "" || (view.state === "waiting") === isWaiting);
    alarm.toggleAttribute("data-filtered", !wanted);
  }
  panel.dataset.hidden = view.hidden.join(" ");
  for (const button of panel.querySelectorAll("[data-map-layer]")) button.setAttribute("aria-pressed", String(!view.hidden.includes(button.dataset.mapLayer)));
  panel.querySelector("[data-map-kind]").value = view.kind;
  panel.querySelector("[data-map-state]").value = view.state;
  sessionStorage.setItem(key, JSON.stringify(view));
}

function zoomBy(factor) {
  view.zoom = Math.min(zoomMax, Math.max(zoomMin, view.zoom * factor));
  show();
}

if (panel) {
  panel.addEventListener("click", event => {
    const zoom = event.target.closest("[data-zoom]")?.dataset.zoom;
    if (zoom === "in") zoomBy(stepFactor);
    else if (zoom === "out") zoomBy(1 / stepFactor);
    else if (zoom === "all") Object.assign(view, { zoom: 1, x: 0.5, y: 0.5 });
    const layer = event.target.closest("[data-map-layer]")?.dataset.mapLayer;
    if (layer) view.hidden = view.hidden.includes(layer) ? view.hidden.filter(other => other !== layer) : [...view.hidden, layer];
    if (zoom || layer) show();
  });
  panel.addEventListener("change", event => {
    if (event.target.matches("[data-map-kind]")) view.kind = event.target.value;
    if (event.target.matches("[data-map-state]")) view.state = event.target.value;
    show();
  });
  panel.addEventListener("wheel", event => {
    if (!event.target.closest(".station-map")) return;
    event.preventDefault();
    zoomBy(event.deltaY < 0 ? stepFactor : 1 / stepFactor);
  }, { passive: false });
  panel.addEventListener("pointermove", event => {
    if (event.buttons !== 1 || !event.target.closest(".station-map")) return;
    const box = svg().getBoundingClientRect();
    view.x -= event.movementX / box.width / view.zoom;
    view.y -= event.movementY / box.height / view.zoom;
    show();
  });
  document.addEventListener("page-fresh", show);
  show();
}
