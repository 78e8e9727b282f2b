// Turns the still figures into interactive ones. Without plotly.js, or when anything fails, the still ones stay.
(() => {
  "use strict";
  const light = PALETTE;
  const colors = () => {
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(Object.entries(light).map(([role, hex]) => [hex, style.getPropertyValue("--" + role).trim() || hex]));
  };
  const upgrade = (holder) => {
    if (!window.Plotly || holder.offsetParent === null) return;
    let text = document.getElementById(holder.dataset.figure).textContent;
    for (const [hex, now] of Object.entries(colors())) text = text.split('"' + hex + '"').join('"' + now + '"');
    const figure = JSON.parse(text);
    const still = holder.querySelector("svg[role=img]");
    const live = holder.querySelector(".live") || document.createElement("div");
    live.className = "live";
    live.setAttribute("aria-hidden", "true");
    figure.layout.hoverlabel = { font: { family: figure.layout.template.layout.font.family } };
    if (!live.parentNode) holder.append(live);
    Plotly.react(live, figure.data, figure.layout, { displayModeBar: false, responsive: false, showTips: false })
      .then(() => { holder.dataset.live = "yes"; if (still) still.classList.add("unseen"); })
      .catch(() => live.remove());
  };
  const all = () => document.querySelectorAll("[data-figure]").forEach(upgrade);
  addEventListener("load", all);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  matchMedia("(min-width: 46rem)").addEventListener("change", all);
})();
