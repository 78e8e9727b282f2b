// Draws each figure twice, by Plotly and from our own SVG, and tells where every part of the two stands.
async (items) => {
  const hex = (color) => {
    const found = color.match(/[0-9.]+/g).map(Number);
    return (found.length > 3 && found[3] === 0) ? "" : "#" + found.slice(0, 3).map((n) => n.toString(16).padStart(2, "0")).join("");
  };
  const paint = (part) => {
    const style = getComputedStyle(part);
    const shown = (value, opacity) => (value === "none" || Number(opacity) === 0) ? "" : hex(value);
    const box = part.getBBox();
    return [box.width && box.height ? shown(style.fill, style.fillOpacity) : "", Number.parseFloat(style.strokeWidth) ? shown(style.stroke, style.strokeOpacity) : ""];
  };
  const holder = (width, height) => {
    const made = document.createElement("div");
    made.style.cssText = `position:absolute;left:0;top:0;width:${width}px;height:${height}px`;
    document.body.append(made);
    return made;
  };
  const place = (part, from) => {
    const box = part.getBoundingClientRect();
    return [box.left - from.left, box.top - from.top, box.width, box.height];
  };
  // Strokes and their mitres take no part in a shape's place: both ways have the same, but browsers add them differently.
  const shape = (part, from) => {
    const box = part.getBBox(), to = part.getScreenCTM();
    return [to.e + box.x * to.a - from.left, to.f + box.y * to.d - from.top, box.width * to.a, box.height * to.d];
  };
  const split = (part, from) => {
    const pieces = part.getAttribute("d").split(/(?=M)/);
    if (part.tagName !== "path" || pieces.length === 1) return [[...paint(part), ...shape(part, from)]];
    return pieces.map((d) => {
      const piece = part.cloneNode();
      piece.setAttribute("d", d);
      part.after(piece);
      const found = [...paint(piece), ...shape(piece, from)];
      piece.remove();
      return found;
    });
  };
  const spoken = (part) => part.textContent.trim() !== "";
  const lines = (part) => part.querySelectorAll("tspan.line").length ? [...part.querySelectorAll("tspan.line")] : [part];
  const told = (part, from) => {
    const style = getComputedStyle(part);
    return [part.textContent, ...place(part, from), hex(style.fill), style.fontWeight];
  };
  const answer = [];
  for (const item of items) {
    const {width, height} = item.figure.layout;
    const theirs = holder(width, height), ours = holder(width, height);
    if (item.is_compared) await Plotly.newPlot(theirs, item.figure.data, item.figure.layout, {staticPlot: true});
    ours.innerHTML = item.svg;
    const all = (root, selector) => [...root.querySelectorAll(selector)];
    const from = theirs.getBoundingClientRect(), mine = ours.querySelector("svg");
    const index = (trace) => trace.__data__[0].trace.index;
    const traces = all(theirs, ".scatterlayer .trace").sort((one, other) => index(one) - index(other));
    const marks = traces.flatMap((trace) => {
      const parts = all(trace, "path.js-line, path.point").map((part) => [...paint(part), ...shape(part, from)]);
      const colors = [...new Set(parts.map((part) => part[0] + part[1]))];
      return colors.flatMap((color) => parts.filter((part) => part[0] + part[1] === color));
    });
    const own = mine.getBoundingClientRect();
    answer.push({
      theirs: {
        marks, bars: all(theirs, ".barlayer path").map((part) => [...paint(part), ...shape(part, from)]),
        fields: all(theirs, ".shapelayer path, .gridlayer path").map((part) => [...paint(part), ...shape(part, from)]),
        labels: all(theirs, ".annotation-text, text.annotation-text").flatMap(lines).filter(spoken).map((part) => told(part, from)),
        ticks: all(theirs, ".xaxislayer-above text, .xaxislayer-below text").map((part) => told(part, from)),
      },
      ours: {
        marks: all(mine, "path").flatMap((part) => split(part, own)),
        fields: all(mine, "rect, line").map((part) => [...paint(part), ...shape(part, own)]),
        labels: all(mine, "text").filter(spoken).map((part) => told(part, own)),
      },
    });
    theirs.remove();
    ours.remove();
  }
  return answer;
}
