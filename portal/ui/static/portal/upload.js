/* Uploads: a file's hash before it is sent, and a progress bar while it goes: straight to the storage where the
   form has a ticket address, else (or when the storage cannot be reached) through the portal. */
"use strict";

(() => {
  /* Posts the data; the bar goes on from `done` per cent. */
  function post(address, data, bar, done) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.upload.onprogress = (progress) => {
        bar.value = progress.lengthComputable
          ? done + (100 - done) * (progress.loaded / progress.total)
          : 50;
      };
      request.onload = () => resolve(request);
      request.onerror = () => reject(new Error("unreachable"));
      request.send(data);
    });
  }

  /* Sends the files to the storage; what the portal is told of them instead. */
  async function toStorage(form, files, bar) {
    const answer = new FormData(form);
    answer.delete("file");
    for (const file of files) {
      const head = {
        Accept: "application/json",
        "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
      };
      const asked = new FormData();
      asked.append("size", file.size);
      const ticket = await (
        await fetch(form.dataset.ticket, { method: "POST", headers: head, body: asked })
      ).json();
      const body = new FormData();
      Object.entries(ticket.fields).forEach(([name, value]) => body.append(name, value));
      body.append("file", file);
      const sent = await post(ticket.url, body, bar, 0);
      if (sent.status >= 300) throw new Error("refused");
      answer.append("token", ticket.token);
      answer.append("name", file.name);
    }
    return answer;
  }

  /* What was chosen is sent at once, so that nobody goes on without it; the button is for pages without JavaScript,
     where it may send a form that stands beside, too. */
  document.querySelectorAll("form[data-upload]").forEach((form) => {
    form.querySelectorAll("[form]").forEach((each) => each.removeAttribute("form"));
    form.querySelector("input[type=file]").name = "file";
    form.querySelector("button[type=submit]").remove();
    form.elements.file.addEventListener("change", () => form.requestSubmit());
    form.addEventListener("submit", async (event) => {
      const files = [...form.elements.file.files];
      if (!files.length || !window.crypto || !crypto.subtle) return;
      event.preventDefault();
      if (files.length === 1) {
        const digest = await crypto.subtle.digest("SHA-256", await files[0].arrayBuffer());
        form.elements.sha256.value = [...new Uint8Array(digest)]
          .map((b) => b.toString(16).padStart(2, "0"))
          .join("");
      }
      const bar = form.querySelector("progress");
      bar.hidden = false;
      let data = new FormData(form);
      if (form.dataset.ticket) {
        try {
          data = await toStorage(form, files, bar);
        } catch (error) {
          data = new FormData(form);
        }
      }
      try {
        const request = await post(
          form.action || location.href,
          data,
          bar,
          form.dataset.ticket ? 99 : 0,
        );
        if (request.status === 200 && request.responseURL) {
          location.assign(request.responseURL);
          if (new URL(request.responseURL).pathname === location.pathname) location.reload();
        } else {
          document.open();
          document.write(request.responseText);
          document.close();
        }
      } catch (error) {
        form.submit();
      }
    });
  });
})();
