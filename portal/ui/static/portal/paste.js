/* Rows of a spreadsheet that are pasted into a table of the page are shown first, as on the page that `data-paste` names. */
"use strict";

document.querySelectorAll("[data-paste]").forEach((table) => {
  const hidden = (name, value) => {
    const made = document.createElement("input");
    made.type = "hidden";
    made.name = name;
    made.value = value;
    return made;
  };

  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    const rows = text.split(/\r\n|\r|\n/).filter((row) => row.trim());
    if (rows.length < 2 && !text.includes("\t")) return; // a word or a sum, as ever
    event.preventDefault();
    const [, first] = /^item-\d+-(\w+?)(?:_[ymd])?$/.exec(event.target.name) || ["", ""];
    const token = table.closest("form").elements.csrfmiddlewaretoken.value;
    const form = document.createElement("form");
    form.method = "post";
    form.action = table.dataset.paste;
    form.append(hidden("csrfmiddlewaretoken", token), hidden("pasted", text), hidden("first", first));
    document.body.append(form);
    form.submit();
  });
});
