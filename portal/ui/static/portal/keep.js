/* Words that are typed and not sent yet: kept in this tab alone (sessionStorage), by person and form; gone once they
   are sent, or whoever typed them signed out. Forms that save by themselves (autosave.js) keep theirs by the same means. */
"use strict";

const keeping = {
  DAY: 24 * 60 * 60 * 1000,
  FRAME: ["csrfmiddlewaretoken", "version", "editor", "stroke", "seen", "key", "next"],
  person: document.body.dataset.person || "",
  closed: false, // signing out: what is typed on this page is kept no more

  entries(form) {
    return [...new FormData(form)].filter(
      ([name, value]) => !keeping.FRAME.includes(name) && typeof value === "string",
    );
  },
  read(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch (error) {
      return null;
    }
  },
  write(key, value) {
    if (keeping.closed) return;
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch (error) {
      /* full or forbidden: the page itself still holds it */
    }
  },
  drop(key) {
    try {
      sessionStorage.removeItem(key);
    } catch (error) {
      /* nothing was kept */
    }
  },
  all() {
    try {
      return Object.keys(sessionStorage).filter((key) => key.startsWith("typed:"));
    } catch (error) {
      return []; // forbidden: nothing was kept
    }
  },
  dropAll() {
    keeping.closed = true;
    keeping.all().forEach(keeping.drop);
  },
  /* Put back what was kept; gives the values that the form has no control for. */
  putBack(form, data) {
    const missed = [];
    for (const element of form.elements) {
      if (element.type === "checkbox" || element.type === "radio") {
        if (element.name)
          element.checked = data.some(
            ([name, value]) => name === element.name && value === element.value,
          );
      }
    }
    for (const [name, value] of data) {
      const element = form.elements[name];
      if (!element) missed.push(value);
      else if (
        !(element instanceof RadioNodeList) &&
        element.type !== "checkbox" &&
        element.type !== "hidden"
      )
        element.value = value;
    }
    form.dispatchEvent(new Event("putback"));
    return missed.filter(Boolean);
  },
};

document
  .querySelectorAll("form[action$='/logout/']")
  .forEach((form) => form.addEventListener("submit", keeping.dropAll));

(() => {
  const [arrival] = performance.getEntriesByType("navigation");
  const proof = document.querySelector("main form:has([type=password])");
  const refused = !keeping.person || (arrival && arrival.responseStatus >= 400);
  let going = false; // by a link or a form of the page: what is kept is there when one comes back
  const open = []; // of each form: does it hold words that would be lost?

  /* What was sent to a page that says no, or that asks first who one is, was not taken yet. */
  const waiting = refused || proof ? keeping.all().filter((key) => (keeping.read(key) || {}).sent) : [];
  function mark(sent) {
    for (const key of waiting) {
      const left = keeping.read(key);
      if (left && left.base) keeping.write(key, { ...left, sent });
    }
  }
  mark(false);
  if (proof) proof.addEventListener("submit", () => mark(true));

  function isKept(form) {
    const isOffice = document.body.classList.contains("body--staff");
    const words = isOffice || isSecret(form) ? "textarea, input[data-limit]" : "textarea";
    const savesItself = "autosave" in form.dataset;
    return (
      form.method === "post" &&
      !savesItself &&
      form.querySelector(words) &&
      !form.querySelector("[type=password]")
    );
  }

  /* Data of people: one is warned, and nothing is kept. */
  function isSecret(form) {
    return form.getAttribute("autocomplete") === "off";
  }

  function keyOf(form) {
    const place = new URL(form.getAttribute("action") || "", location.href);
    const marks = [...form.querySelectorAll("[type=hidden][name]")]
      .filter(({ name }) => !keeping.FRAME.includes(name))
      .map(({ name, value }) => `${name}=${value}`);
    const path = place.pathname.replace(/^\/en\//, "/");
    return `typed:${keeping.person}:${path}${place.search} ${marks.sort().join("&")}`;
  }

  document.querySelectorAll("form").forEach((form) => {
    if (!isKept(form)) return;
    const key = keyOf(form);
    const typed = () => JSON.stringify(keeping.entries(form));
    const left = keeping.read(key);
    const base = refused && left ? left.base : typed(); // what stood there before one typed
    let leaving = false;
    open.push(() => !leaving && typed() !== base && (isSecret(form) || !going));

    function keep(sent) {
      if (isSecret(form)) return;
      keeping.write(key, { data: keeping.entries(form), base, at: Date.now(), sent });
    }

    form.addEventListener("input", () => (typed() === base ? keeping.drop(key) : keep(false)));
    form.addEventListener("submit", (event) => {
      if (event.submitter?.formTarget === "_blank") return; // this page stays
      leaving = true;
      if (typed() !== base) keep(true);
    });
    window.addEventListener("pageshow", () => {
      leaving = false;
    });
    if (!left || refused) return; // a page that says no shows what was sent
    if (left.sent || Date.now() - left.at > keeping.DAY) keeping.drop(key);
    else if (left.base === base) bringBack(form, key, left.data); // nobody wrote since
  });

  function bringBack(form, key, data) {
    const { backWords, awayWords } = document.body.dataset;
    const note = document.createElement("p");
    note.className = "callout callout--care";
    note.setAttribute("role", "status");
    note.textContent = backWords;
    const away = document.createElement("button");
    away.type = "button";
    away.className = "button button--text button--s";
    away.textContent = awayWords;
    away.addEventListener("click", () => {
      keeping.drop(key);
      form.reset();
      note.remove();
    });
    note.append(" ", away);
    form.prepend(note);
    keeping.putBack(form, data);
    for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details"))
      fold.open = true;
  }

  function goes() {
    going = true;
    setTimeout(() => {
      going = false; // into another window, or not at all
    }, 1000);
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href]")) goes();
  });
  document.addEventListener("submit", goes);
  window.addEventListener("beforeunload", (event) => {
    if (open.some((loses) => loses())) event.preventDefault();
  });
})();
