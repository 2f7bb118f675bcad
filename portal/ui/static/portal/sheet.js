/* A page of a file of which parts are withheld: they are painted on its picture with the mouse, and stand as numbers in
   the form beside it; without this they are typed there. */
"use strict";

(() => {
  const page = document.querySelector("[data-sheet]");
  if (!page) return;
  const list = document.getElementById(page.dataset.sheet);
  const drawing = page.querySelector("svg");
  const SIDES = ["left", "top", "width", "height"];
  const LEAST = 0.3; // per cent: less is a press, and no box
  let from = null;

  const lines = () => [...list.querySelectorAll("fieldset")];
  const field = (line, name) => line.querySelector(`[name^="${name}-"]`);
  const typed = (line) => SIDES.map((side) => field(line, side).value.trim());

  /* Where the mouse is, in per cent of the page. */
  function at(event) {
    const whole = drawing.getBoundingClientRect();
    const within = (n) => Math.min(Math.max(n, 0), 100);
    return [
      within((100 * (event.clientX - whole.left)) / whole.width),
      within((100 * (event.clientY - whole.top)) / whole.height),
    ];
  }

  /* Left, top, width and height of the box between two corners. */
  function between([a, b], [c, d]) {
    return [Math.min(a, c), Math.min(b, d), Math.abs(a - c), Math.abs(b - d)];
  }

  function rectangle(box) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    ["x", "y", "width", "height"].forEach((name, n) => made.setAttribute(name, 10 * box[n]));
    return made;
  }

  function draw(...more) {
    const boxes = lines()
      .filter((line) => !field(line, "off").checked)
      .map(typed)
      .filter((box) => box.every((side) => side !== "" && Number.isFinite(Number(side))))
      .map((box) => box.map(Number));
    drawing.replaceChildren(...[...boxes, ...more].map(rectangle));
  }

  /* The first line that says nothing yet, or a further one. */
  function free() {
    const found = lines().find((line) => typed(line).every((side) => side === ""));
    if (found) return found;
    const last = lines().at(-1);
    const n = lines().length;
    const next = last.cloneNode(true);
    const renamed = (text) => text.replace(new RegExp(`${n}(?=\\D*$)`), n + 1);
    next.querySelectorAll("[name], [id], [for], [aria-describedby]").forEach((element) => {
      ["name", "id", "for", "aria-describedby"].forEach((name) => {
        if (element.hasAttribute(name)) element.setAttribute(name, renamed(element.getAttribute(name)));
      });
    });
    next.querySelectorAll("legend, label").forEach((element) => {
      [element, ...element.querySelectorAll("*")].forEach((part) => {
        part.childNodes.forEach((text) => {
          if (text.nodeType === Node.TEXT_NODE) text.data = renamed(text.data);
        });
      });
    });
    next.querySelectorAll("input[type=checkbox]").forEach((box) => (box.checked = false));
    list.append(next);
    return next;
  }

  page.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || event.button !== 0) return;
    event.preventDefault();
    page.setPointerCapture(event.pointerId);
    from = at(event);
  });
  page.addEventListener("pointermove", (event) => {
    if (from) draw(between(from, at(event)));
  });
  page.addEventListener("pointerup", (event) => {
    if (!from) return;
    const box = between(from, at(event));
    from = null;
    if (box[2] >= LEAST && box[3] >= LEAST) {
      const line = free();
      SIDES.forEach((side, n) => (field(line, side).value = box[n].toFixed(1)));
    }
    draw();
  });
  page.addEventListener("pointercancel", () => {
    from = null;
    draw();
  });
  list.addEventListener("input", () => draw());
  page.classList.add("sheet__page--paint");
})();
