// A plot of this page as a file: what the style sheets say of it is written into it, so that it looks the same in a report.
const written = ["fill", "stroke", "font-family", "font-size", "font-weight"];

function standalone(plot) {
  const copy = plot.cloneNode(true);
  const from = [plot, ...plot.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((element, at) => {
    const style = getComputedStyle(element);
    for (const name of written) to[at].setAttribute(name, style.getPropertyValue(name));
    to[at].removeAttribute("class");
  });
  const [x, y, width, height] = plot.getAttribute("viewBox").split(" ");
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ x, y, width, height, fill: getComputedStyle(plot.closest(".panel")).backgroundColor })) ground.setAttribute(name, value);
  copy.prepend(ground);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  return new XMLSerializer().serializeToString(copy);
}

document.addEventListener("click", event => {
  const button = event.target.closest("[data-plot]");
  const plot = button && document.getElementById(button.dataset.plot);
  if (!plot) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([standalone(plot)], { type: "image/svg+xml" }));
  link.download = button.dataset.file;
  link.click();
  URL.revokeObjectURL(link.href);
});
