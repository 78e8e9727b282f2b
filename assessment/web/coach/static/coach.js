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
// How far something is: asked again every few seconds, more seldom with time, and not at all while nobody looks.
for (const place of document.querySelectorAll("[data-poll]")) {
  let pause = 2000;
  const later = () => setTimeout(look, pause);
  const look = async () => {
    if (document.hidden) {
      document.addEventListener("visibilitychange", look, { once: true });
      return;
    }
    pause = Math.min(pause * 1.1, 10000);
    try {
      const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const now = page.getElementById(place.id);
      if (reply.ok && !(now && now.hasAttribute("data-poll"))) {
        location.reload();
        return;
      }
      if (now) place.replaceChildren(...now.childNodes);
    } catch {
      pause = 10000;
    }
    later();
  };
  later();
}
