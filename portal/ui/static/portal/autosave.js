/* Autosave that tells the truth, and words kept in this tab (keep.js) while they are not saved. */
"use strict";

(() => {
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const kept = keeping;
  const { DAY, person, entries } = keeping;
  const LONGEST = 3000; // who types without a pause is saved as often

  document.querySelectorAll("form[data-autosave]").forEach((form) => {
    const line = form.querySelector("[data-saved-text]");
    const mark = form.querySelector("[data-saved]");
    const words = JSON.parse(form.dataset.words); // portal/ui/script_words.py, in the page's language
    const key = `typed:${person}:${form.dataset.autosave}`;
    const typed = () => JSON.stringify(entries(form));
    let last = typed();
    if (!mark.dataset.saved) line.textContent = words.begins; // without this script only a press saves
    let busy = false;
    let strokes = 0;
    let trouble = false; // the last try did not save
    let stopped = false; // trying again would not help
    let tooLong = ""; // what was refused as too long, and is not sent again as it is
    let leaving = false;
    let timer = 0;
    let pause = 5000;
    let announced = 0;
    let since = 0; // when the first sign was typed that no request has carried yet

    /* What is wrong is announced at once, what is well at most once a minute, and what is still to come never. */
    function tell(text, bad, link, quiet) {
      const loud = bad || (!quiet && Date.now() - announced > 60000);
      mark.setAttribute("aria-live", loud ? "polite" : "off");
      if (loud) announced = Date.now();
      trouble = bad;
      mark.classList.toggle("saved--not", bad);
      line.textContent = text;
      if (link) {
        const anchor = document.createElement("a");
        anchor.href = link.href;
        anchor.textContent = link.text;
        line.append(" ", anchor);
      }
    }

    function keep() {
      kept.write(key, {
        data: entries(form),
        version: form.elements.version.value,
        at: Date.now(),
        sent: false,
      });
    }

    function later(after) {
      clearTimeout(timer);
      if (!stopped) timer = setTimeout(save, after);
    }

    function body() {
      if (form.elements.stroke) form.elements.stroke.value = ++strokes;
      return new URLSearchParams(new FormData(form));
    }

    /* A choice that was still to be made is made, and kept. */
    function chosen() {
      form.querySelectorAll("fieldset.field:has([type=radio]:checked) [id$='_error']").forEach((fault) => {
        fault.closest("fieldset").querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
        fault.remove();
      });
    }

    function saved(answer, sent) {
      form.elements.version.value = answer.version;
      last = sent;
      pause = 5000;
      tooLong = "";
      chosen();
      if (typed() === sent) kept.drop(key);
      else keep();
      tell(fill(words.saved, { at: answer.saved_at }), false);
      if (answer.amount) {
        document.querySelectorAll("[data-amount]").forEach((el) => {
          el.textContent = answer.amount;
        });
        const page = new DOMParser().parseFromString(answer.calculation, "text/html");
        document.querySelector("[data-calculation]").replaceChildren(...page.body.childNodes);
      }
    }

    function signedOut() {
      const next = encodeURIComponent(location.pathname);
      const href = `${form.dataset.signIn || "/accounts/login/"}?next=${next}`;
      tell(words.signedOut, true, { href, text: words.signIn });
    }

    async function refused(response, sent) {
      if (response.status === 409) {
        const answer = await response.json().catch(() => ({}));
        stopped = true;
        tell(answer.message || words.savedElsewhere, true);
      } else if (response.status === 403) {
        tell(words.refused, true, { href: location.pathname, text: words.openAgain });
      } else if (response.status === 413) {
        const answer = await response.json().catch(() => ({}));
        tooLong = sent;
        tell(answer.message || words.tooLong, true);
      } else {
        tell(fill(words.failed, { status: response.status }), true);
      }
    }

    async function save() {
      if (busy || stopped || [last, tooLong].includes(typed())) return;
      busy = true;
      since = 0;
      const sent = typed();
      try {
        const response = await fetch(form.dataset.autosave, {
          method: "POST",
          body: body(),
          headers: { Accept: "application/json" },
        });
        const isOurs = (response.headers.get("Content-Type") || "").startsWith("application/json");
        if (response.status === 401 || (response.redirected && !isOurs)) signedOut();
        else if (response.ok) saved(await response.json(), sent);
        else await refused(response, sent);
      } catch (error) {
        tell(words.noConnection, true);
      } finally {
        busy = false;
      }
      if (typed() === last) return;
      later(trouble ? pause : 1000);
      if (trouble) pause = Math.min(pause * 2, 60000);
    }

    function touched(after) {
      if (typed() === last) return;
      keep();
      if (!trouble) tell(words.unsaved, false, null, true);
      since = since || Date.now();
      if (!trouble || tooLong || after === 0) later(Math.min(after, Math.max(0, since + LONGEST - Date.now())));
    }

    /* Words that a broken connection or an ended session kept from being saved: put back where nobody wrote since. */
    function restore() {
      const left = kept.read(key);
      if (!left) return;
      const now = Number(form.elements.version.value);
      const stale =
        Date.now() - left.at > DAY ||
        (left.sent && now > Number(left.version)) ||
        JSON.stringify(left.data) === typed();
      if (stale) {
        kept.drop(key);
        return;
      }
      const missed = keeping.putBack(form, left.data);
      const note = document.createElement("p");
      note.className = "callout callout--care";
      note.setAttribute("role", "status");
      const apart = missed.join("、");
      note.textContent = words.restored + (apart ? ` ${apart}` : "");
      form.prepend(note);
      tell(words.unsaved, true);
      if (now === Number(left.version)) later(1000);
    }

    form.addEventListener("input", () => touched(1500));
    form.addEventListener("change", () => touched(0));
    form.addEventListener("submit", (event) => {
      if (busy) {
        // let the request on its way arrive first, then send what is on the page
        event.preventDefault();
        const again = () => (busy ? setTimeout(again, 100) : form.requestSubmit(event.submitter));
        again();
        return;
      }
      clearTimeout(timer);
      kept.write(key, {
        data: entries(form),
        version: form.elements.version.value,
        at: Date.now(),
        sent: true,
      });
      if (form.elements.stroke) form.elements.stroke.value = ++strokes;
      leaving = busy = true;
      setTimeout(() => {
        leaving = busy = false;
        later(0);
      }, 20000); // still here: it never arrived, so go on saving
    });
    window.addEventListener("pageshow", () => {
      leaving = busy = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (leaving || typed() === last) return;
      keep();
      if (trouble || !navigator.sendBeacon || !navigator.sendBeacon(form.dataset.autosave, body()))
        event.preventDefault();
    });
    window.addEventListener("online", () => later(0));
    setInterval(() => {
      if (!trouble) save();
    }, 30000);
    restore();
  });
})();
