/* Beside a limited text, how much may be written and by how much it is too long: nothing is cut. */
"use strict";

document.querySelectorAll("textarea[data-limit], input[data-limit]").forEach((control) => {
  const limit = Number(control.dataset.limit);
  const note = document.createElement("p");
  note.className = "field__count";
  const count = () => {
    const length = [...control.value.replace(/\r\n/g, "\n")].length;
    const over = length - limit;
    note.hidden = control.tagName === "INPUT" && length < limit * 0.8;
    note.classList.toggle("field__count--over", over > 0);
    const { countWords, overWords } = document.body.dataset;
    const words = over > 0 ? overWords : countWords;
    const values = { n: length, limit, over };
    note.textContent = words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };
  control.insertAdjacentElement("afterend", note);
  control.addEventListener("input", count);
  count();
});
