// Everything here is extra: without it every page can be read, and search answers on its own page.
(function () {
  "use strict";
  var root = document.body.dataset.root;
  var input = document.getElementById("q");
  var list = document.getElementById("hits");
  var said = document.getElementById("hits-said");

  // Light and dark.
  var button = document.getElementById("theme");
  var dark = function () {
    var chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  button.hidden = false;
  button.addEventListener("click", function () {
    var next = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("theme", next);
    } catch (refused) {
      // It holds for this page only.
    }
  });

  // Copy buttons.
  document.querySelectorAll(".copy").forEach(function (copy) {
    copy.hidden = false;
  });
  document.addEventListener("click", function (event) {
    var copy = event.target.closest(".copy");
    if (!copy) return;
    var text = copy.dataset.copyText;
    if (text === undefined) text = copy.closest("figure").querySelector("code").textContent;
    put(text).then(
      function () { tell(copy, "done", "Copied"); },
      function () { tell(copy, "failed", "The browser refuses: select and copy by hand"); }
    );
  });
  function put(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    // A page that did not come over HTTPS or from this machine has no clipboard API.
    var area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    var worked = document.execCommand("copy");
    area.remove();
    return worked ? Promise.resolve() : Promise.reject();
  }
  function tell(copy, state, words) {
    copy.classList.add(state);
    said.textContent = words;
    setTimeout(function () { copy.classList.remove(state); }, 1500);
  }

  // The section one is reading.
  var links = new Map();
  document.querySelectorAll(".contents a").forEach(function (link) {
    links.set(link.hash.slice(1), link);
  });
  if (links.size && "IntersectionObserver" in window) {
    var seen = new Set();
    var observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting) seen.add(entry.target.id);
        else seen.delete(entry.target.id);
      });
      var current = Array.from(links.keys()).find(function (id) { return seen.has(id); });
      links.forEach(function (link, id) {
        if (id === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    }, { rootMargin: "-15% 0px -60% 0px" });
    links.forEach(function (_, id) {
      var section = document.getElementById(id);
      if (section) observer.observe(section);
    });
  }

  // Search while typing.
  var chosen = -1;
  var asked = 0;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", "hits");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  input.addEventListener("input", look);
  input.addEventListener("focus", function () { if (input.value.trim()) look(); });
  input.addEventListener("keydown", function (event) {
    var options = list.children;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options.length || list.hidden) return;
      event.preventDefault();
      choose((chosen + (event.key === "ArrowDown" ? 1 : options.length + (chosen < 0 ? 0 : -1))) % options.length);
    } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
      event.preventDefault();
      options[chosen].firstElementChild.click();
    }
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest(".find")) close();
    var menu = document.querySelector(".menu[open]");
    if (menu && !event.target.closest(".menu")) menu.removeAttribute("open");
  });
  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function choose(index) {
    chosen = index;
    Array.from(list.children).forEach(function (option, number) {
      option.setAttribute("aria-selected", String(number === index));
    });
    var option = list.children[index];
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  function look() {
    var words = input.value.trim();
    var number = ++asked;
    if (!words) return close();
    find(words).then(
      function (hits) { if (number === asked) draw(hits, words); },
      function () { if (number === asked) close(); }
    );
  }
  function find(words) {
    if (window.tagwiseFind) return window.tagwiseFind(words);
    return fetch(root + "search.json?limit=12&q=" + encodeURIComponent(words)).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }).then(function (found) { return found.hits; });
  }
  function draw(hits, words) {
    list.replaceChildren();
    chosen = -1;
    hits.forEach(function (hit, number) {
      var option = document.createElement("li");
      option.id = "hit-" + number;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      var link = document.createElement("a");
      link.href = root + hit.address;
      link.tabIndex = -1;
      link.append(part("strong", hit.name + (hit.retired ? " (retired)" : "")), part("span", hit.kind, "kind"));
      link.append(part("span", hit.kind === "attribute" && hit.show !== hit.label ? hit.label + "  " + hit.show : hit.label, "label"));
      option.append(link);
      list.append(option);
    });
    list.hidden = !hits.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = hits.length ? hits.length + " results" : "Nothing is called " + words;
  }
  function part(name, text, kind) {
    var element = document.createElement(name);
    element.textContent = text;
    if (kind) element.className = kind;
    return element;
  }
})();
