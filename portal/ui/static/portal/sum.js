/* A list with sums: what is ticked is added up while one ticks; without this a press adds it up.
   `beside`: what is ticked on other pages of the list, where all are ticked by the server. */
"use strict";

document.querySelectorAll("form[data-adds-up]").forEach((form) => {
  const total = form.querySelector("[data-total]");
  if (!total) return;
  const boxes = [...form.querySelectorAll("input[data-yen]:not(:disabled)")];
  const add = () => {
    const ticked = boxes.filter((box) => box.checked);
    const beside = Number(total.dataset.beside ?? 0);
    const besideYen = Number(total.dataset.besideYen ?? 0);
    const yen = ticked.reduce((sum, box) => sum + Number(box.dataset.yen), besideYen);
    const values = { n: beside + ticked.length, yen: yen.toLocaleString("ja-JP") };
    total.textContent = total.dataset.total.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };
  form.querySelector("[data-recount]").hidden = true;
  form.querySelector("[data-pick-all]")?.addEventListener("click", (event) => {
    event.preventDefault();
    boxes.forEach((box) => (box.checked = true));
    add();
  });
  boxes.forEach((box) => box.addEventListener("change", add));
  add();
});
