// Conveniences only: every page works without this file.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const group of document.querySelectorAll("[data-group]")) {
  const all = group.querySelector("[data-all]");
  const whole = all.querySelector("input");
  const boxes = [...group.querySelectorAll("input[name]")];
  const show = () => {
    const n = boxes.filter((box) => box.checked).length;
    whole.checked = n === boxes.length;
    whole.indeterminate = n > 0 && n < boxes.length;
  };
  all.hidden = boxes.length < 2;
  whole.addEventListener("change", () => { for (const box of boxes) box.checked = whole.checked; });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
