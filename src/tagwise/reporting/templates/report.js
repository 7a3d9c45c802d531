"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const said = byId("said");
  for (const element of all(".script")) element.hidden = false;

  // Copying: the clipboard is only there in secure contexts, and a report may be served without TLS.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "unseen";
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  const addCopyButton = (element) => {
    const button = document.createElement("button");
    const name = element.dataset.name || "Copy";
    button.type = "button";
    button.className = "copy";
    button.textContent = name;
    button.addEventListener("click", async () => {
      await copy(element.dataset.copy || element.textContent);
      button.textContent = "Copied";
      said.textContent = "Copied";
      setTimeout(() => { button.textContent = name; said.textContent = ""; }, 2000);
    });
    element.after(button);
  };
  for (const element of all("pre.sql, [data-copy]")) addCopyButton(element);

  const rows = all("tr[data-severity]");
  if (!rows.length) return;
  const text = byId("by-text");
  const fields = {};
  for (const name of ["severity", "check", "device"]) if (byId(`by-${name}`)) fields[name] = byId(`by-${name}`);
  const groups = all("[data-group]").map((group) => [group, all("tr[data-severity]", group)]);
  const shown = byId("shown");
  const clear = byId("clear");
  const texts = new Map();
  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };

  const filter = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = Object.entries(fields).filter(([, field]) => field.value);
    let number = 0;
    for (const row of rows) {
      const fits = wanted.every(([name, field]) => row.dataset[name] === field.value)
        && words.every((word) => textOf(row).includes(word));
      row.hidden = !fits;
      number += fits;
    }
    // Findings of one check stand together; a group of which nothing fits is hidden, and what fits is not folded away.
    const narrowed = words.length > 0 || wanted.length > 0;
    for (const [group, members] of groups) {
      group.hidden = members.every((row) => row.hidden);
      for (const rest of all("details.rest", group)) {
        rest.open = narrowed && all("tr", rest).some((row) => row.dataset.severity && !row.hidden);
      }
    }
    const format = (value) => value.toLocaleString("en");
    shown.textContent = number
      ? `Showing ${format(number)} of ${format(rows.length)} `
      : "No finding here matches these filters.";
    clear.disabled = !narrowed;
  };
  const reset = () => {
    text.value = "";
    for (const field of Object.values(fields)) field.value = "";
    filter();
  };
  let timer = 0;
  text.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(filter, 120); });
  for (const field of Object.values(fields)) field.addEventListener("change", filter);
  clear.addEventListener("click", () => { reset(); text.focus(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-show]");
    if (!link) return;
    reset();
    fields[link.dataset.show].value = link.dataset.key;
    filter();
  });

  // The text of a check stands in the page once; a finding that is opened gets a copy of it.
  let printing = false;
  document.addEventListener("toggle", (event) => {
    const details = event.target;
    const link = details.querySelector(".to-page a");
    if (!details.open || printing || !link) return;
    const source = byId(link.hash.slice(1)).querySelector(".text").cloneNode(true);
    textOf(details.closest("tr"));
    for (const button of all("button", source)) button.remove();
    for (const heading of all("h4", source)) {
      const label = document.createElement("p");
      label.className = "label";
      label.textContent = heading.textContent;
      heading.replaceWith(label);
    }
    link.parentElement.replaceWith(source);
    for (const pre of all("pre.sql", source)) addCopyButton(pre);
    for (const uid of all(".subject .uid", details)) {
      const copied = document.createElement("span");
      copied.dataset.copy = uid.textContent;
      copied.dataset.name = `Copy ${uid.previousElementSibling.textContent}`;
      details.querySelector(".body").prepend(copied);
      addCopyButton(copied);
    }
  }, true);

  const follow = () => {
    const row = location.hash.length > 1 && byId(location.hash.slice(1));
    if (!row || !rows.includes(row)) return;
    if (row.hidden) reset();
    const details = row.querySelector("details") || row.closest("details");
    if (details) details.open = true;
    row.scrollIntoView();
  };
  addEventListener("hashchange", follow);

  // On paper nothing can be opened.
  let opened = [];
  addEventListener("beforeprint", () => {
    printing = true;
    opened = all("details:not([open])");
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    setTimeout(() => { printing = false; }, 0);
  });
  filter();
  follow();
})();
