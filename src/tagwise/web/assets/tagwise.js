// Everything here is extra: without it every page can be read, and search answers on its own page.
(() => {
  "use strict";
  const root = document.body.dataset.root;
  const input = document.getElementById("q");
  const list = document.getElementById("hits");
  const said = document.getElementById("hits-said");

  // Light and dark. theme.js has put the choice on the page before it was drawn.
  const theme = document.getElementById("theme");
  const stored = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return document.documentElement.dataset.theme; // storage is off: a choice holds for this page only
    }
  };
  function paint(choice) {
    if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
  }
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const chosen = document.documentElement.dataset.theme;
    const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    paint(dark ? "light" : "dark");
    try {
      localStorage.setItem("theme", dark ? "light" : "dark");
    } catch {
      // It holds for this page only.
    }
  });
  addEventListener("storage", (event) => { if (event.key === "theme") paint(event.newValue); });
  addEventListener("pageshow", (event) => {
    // Out of the back and forward cache a page is as it was left: with a list open, in the colours of then.
    if (!event.persisted) return;
    paint(stored());
    close();
  });

  // Copy buttons.
  for (const copy of document.querySelectorAll(".copy")) copy.hidden = false;
  document.addEventListener("click", async (event) => {
    const copy = event.target.closest(".copy");
    if (!copy) return;
    const text = copy.dataset.copyText ?? copy.closest("figure").querySelector("code").textContent;
    const worked = await written(text) || selected(text, copy);
    copy.classList.toggle("done", worked);
    copy.classList.toggle("failed", !worked);
    said.textContent = "";
    said.textContent = worked ? "Copied" : "The browser refuses: select and copy by hand";
    setTimeout(() => copy.classList.remove("done", "failed"), 1500);
  });
  async function written(text) {
    // A page that came neither over HTTPS nor from this machine has no clipboard.
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }
  function selected(text, button) {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    button.after(area);
    area.focus({ preventScroll: true });
    area.select();
    const worked = document.execCommand("copy");
    area.remove();
    button.focus({ preventScroll: true });
    return worked;
  }

  // The section one is reading.
  const links = new Map();
  for (const link of document.querySelectorAll(".contents a")) links.set(link.hash.slice(1), link);
  const seen = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target.id);
    const current = [...links.keys()].find((id) => seen.has(id));
    for (const [id, link] of links) {
      if (id === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "-15% 0px -60% 0px" });
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) observer.observe(section);
  }

  // The menu closes when one goes on elsewhere. On paper everything is open.
  const menu = document.querySelector(".menu");
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("main details:not([open])")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => { for (const details of closed) details.open = false; });

  // Search while typing. The focus stays in the box; aria-activedescendant tells which hit the arrows have reached.
  const PAUSE = 80; // ms without a key before a server is asked
  let chosen = -1;
  let asked = 0;
  let waiting = 0;
  let request = new AbortController();
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", "hits");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  input.addEventListener("input", () => {
    choose(-1); // what was chosen belongs to other words
    clearTimeout(waiting);
    asked += 1;
    if (input.value.trim()) waiting = setTimeout(look, window.tagwiseFind ? 0 : PAUSE);
    else close();
  });
  input.addEventListener("focus", () => { if (input.value.trim()) look(); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to the input method
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Tab") {
      close(); // before the focus moves, or the list, which scrolls, would be the next stop
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // it closes the list; the next one empties the box
      close();
    } else if (step && list.hidden) {
      if (input.value.trim()) look();
    } else if (step) {
      event.preventDefault();
      const number = list.children.length;
      choose(chosen < 0 && step < 0 ? number - 1 : (chosen + step + number) % number);
    } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
      event.preventDefault();
      const { ctrlKey, metaKey, shiftKey } = event;
      const click = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey });
      list.children[chosen].dispatchEvent(click);
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // pressing on a hit leaves the focus in the box
  input.form.addEventListener("focusout", (event) => { if (!input.form.contains(event.relatedTarget)) close(); });
  document.addEventListener("click", (event) => {
    if (!input.form.contains(event.target)) close();
    if (!menu.contains(event.target)) menu.open = false;
  });
  function close() {
    clearTimeout(waiting);
    asked += 1; // an answer that is still on its way opens nothing
    choose(-1);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }
  function choose(index) {
    chosen = index;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
    if (index < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  }
  async function look() {
    const words = input.value.trim();
    const number = ++asked;
    try {
      const hits = await find(words);
      if (number === asked) draw(hits, words);
    } catch {
      if (number === asked) close(); // Enter still asks the search page
    }
  }
  async function find(words) {
    if (window.tagwiseFind) return window.tagwiseFind(words);
    request.abort();
    request = new AbortController();
    const address = `${root}search.json?limit=12&q=${encodeURIComponent(words)}`;
    const answer = await fetch(address, { signal: request.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).hits;
  }
  function draw(hits, words) {
    choose(-1);
    list.replaceChildren(...hits.map(option));
    list.scrollTop = 0;
    list.hidden = !hits.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    const counted = hits.length === 1 ? "1 result" : `${hits.length} results`;
    said.textContent = hits.length ? counted : `Nothing is called ${words}`;
  }
  function option(hit, number) {
    const link = document.createElement("a"); // a link, so that the mouse can open it in a new tab
    link.id = `hit-${number}`;
    link.href = root + hit.address;
    link.tabIndex = -1;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    const keyword = hit.kind === "attribute" && hit.show !== hit.label ? `  ${hit.show}` : "";
    link.append(part("strong", (hit.name || hit.label) + (hit.retired ? " (retired)" : "")), part("span", hit.kind, "kind"));
    link.append(part("span", hit.label + keyword, "label"));
    return link;
  }
  function part(name, text, kind) {
    const element = document.createElement(name);
    element.textContent = text;
    if (kind) element.className = kind;
    return element;
  }
})();
