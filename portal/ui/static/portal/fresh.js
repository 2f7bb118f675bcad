/* Parts of a page that change by themselves (files that are being checked, pages that are being drawn): while one of
   them waits, the page is asked for again now and then, and what has changed is put in its place. */
"use strict";

(() => {
  const LONGEST = 15000; /* milliseconds between two looks; the first comes after a tenth of it */
  let pause = LONGEST / 10;

  async function look() {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-fresh]")) {
      const fresh = page.getElementById(part.id);
      if (!fresh) location.replace(location.pathname + location.search); /* now another page */
      else if (fresh.dataset.fresh !== part.dataset.fresh) part.replaceWith(fresh);
    }
  }

  async function wait() {
    if (!document.querySelector("[data-waits]")) return;
    await new Promise((done) => setTimeout(done, pause));
    pause = Math.min(pause * 1.3, LONGEST);
    try {
      if (!document.hidden) await look();
    } catch (error) {
      /* the network was away: the next look may find it */
    }
    wait();
  }

  wait();
})();
