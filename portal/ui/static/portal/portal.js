/* Small helps on top of pages that work without them: focus, a page that looks again, the document viewer. */
"use strict";

document.querySelectorAll("[data-focus]").forEach((box) => box.focus());

/* A page that shows how far a job is looks again by itself. */
document
  .querySelectorAll("[data-reload]")
  .forEach((box) => setTimeout(() => location.reload(), Number(box.dataset.reload)));

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
