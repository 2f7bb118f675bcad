/* One key for what an officer does a hundred times: an element says its key (data-key). Not in fields, not with a modifier,
   and switched off by a button in the list of keys (WCAG 2.1.4), which a cookie of the server remembers. */
"use strict";

(() => {
  const list = document.getElementById("keys");
  const open = document.querySelector("[data-keys-open]");
  if (!list || !open) return;
  const off = list.hasAttribute("data-off");

  const typing = (element) =>
    element.isContentEditable || element.matches("input:not([type=checkbox], [type=radio]), textarea, select");

  const first = "[data-first-act] :is(a.button, button):not(.action-bar__push)";

  function press(key) {
    const found = document.querySelector(key === "a" ? first : `[data-key="${CSS.escape(key)}"]`);
    if (!found) return false;
    if (found.matches("input")) found.focus();
    else found.click();
    return true;
  }

  open.hidden = false;
  open.addEventListener("click", () => list.showModal());
  document.addEventListener("keydown", (event) => {
    if (off || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (list.open || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") list.showModal();
    else if (!press(event.key)) return;
    event.preventDefault();
  });
})();
