/* Small helps on top of pages that work without them: focus, a page that looks again, the document viewer. */
"use strict";

document.querySelectorAll("[data-focus]").forEach((box) => box.focus());

/* The answer to a page's own form stands at an address that opens by itself: to load it again, or to go back to it,
   asks for it anew. Else the browser would send once more what was typed then, over what was saved since. */
if (document.referrer.split(/[?#]/)[0] === location.origin + location.pathname)
  history.replaceState(history.state, "", location.href);

/* A page that shows how far a job is looks again by itself. */
document
  .querySelectorAll("[data-reload]")
  .forEach((box) => setTimeout(() => location.reload(), Number(box.dataset.reload)));

/* A list whose rows are ticked: those of the page by one box. Without this each by itself, or all that match. */
document.querySelectorAll("[data-ticks-page]").forEach((label) => {
  const all = label.querySelector("input");
  const boxes = [...label.closest("form").querySelectorAll("input[name=pick]")];
  label.hidden = boxes.length < 2;
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  boxes.forEach((box) =>
    box.addEventListener("change", () => (all.checked = boxes.every((one) => one.checked))),
  );
});

/* Form beside document: a link shows its page image in the pane. */
document.querySelectorAll("a[data-view]").forEach((link) => {
  link.addEventListener("click", (event) => {
    const image = document.querySelector("[data-viewer-image]");
    if (!image || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    image.src = link.dataset.view;
    image.alt = link.dataset.name;
    document.querySelector("[data-viewer-name]").textContent = link.dataset.name;
    document.getElementById("viewer").scrollIntoView({ block: "nearest" });
  });
});

/* A field that goes only with some answers of another one is there with these alone, and sent with these alone. */
document.querySelectorAll("[data-beside]").forEach((box) => {
  const form = box.closest("form");
  const answers = box.dataset.answers.split(" ");
  function fold() {
    box.hidden = !answers.includes(form.elements[box.dataset.beside].value);
    box.querySelectorAll("input, select, textarea").forEach((control) => {
      control.disabled = box.hidden;
    });
  }
  fold();
  form.addEventListener("change", fold);
  form.addEventListener("putback", fold);
});

/* What is folded away is there for an address that names it, where the browser does not open it by itself, and in print. */
function unfold() {
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const box = named && named.closest("details.fold:not([open])");
  if (!box) return;
  box.open = true;
  named.scrollIntoView();
}
unfold();
window.addEventListener("hashchange", unfold);

const opened = [];
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details.fold:not([open])").forEach((box) => {
    opened.push(box);
    box.open = true;
  });
});
window.addEventListener("afterprint", () => {
  for (const box of opened.splice(0)) box.open = false;
});
