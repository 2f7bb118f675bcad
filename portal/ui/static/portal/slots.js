/* Beside a text with places for values: a press puts the place where the writer was. */
"use strict";

document.querySelectorAll("[data-slots]").forEach((list) => {
  const form = list.closest("form");
  let last = form.querySelector("textarea");
  form.addEventListener("focusin", (event) => {
    if (event.target.tagName === "TEXTAREA") last = event.target;
  });
  list.querySelectorAll("[data-slot]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      last.setRangeText(button.dataset.slot, last.selectionStart, last.selectionEnd, "end");
      last.dispatchEvent(new Event("input", { bubbles: true }));
      last.focus();
    });
  });
});
