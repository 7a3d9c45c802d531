// Search without a server. The same tiers as tagwise.pages.searching, in search-index.js, which is loaded when a reader
// first looks for something; as a script, because a page opened from a disk may not fetch.
(() => {
  "use strict";
  const here = document.currentScript.src.replace(/[^/]*$/, "");
  const version = document.currentScript.dataset.index;
  const LONGEST = 200, MOST_WORDS = 8, SHORTEST_PART = 3, COMPARED = 5, ENOUGH = 0.6, PIECE = 3, COMMON = 700;
  const PUNCTUATION = /[\x00-/:-@[-`{-\x7f–—’]+/g;
  const TAG = /^\(?(?:0x)?([0-9a-fx]{1,4})(?:\s*[,\s]\s*(?:0x)?([0-9a-fx]{0,4}))?\)?$|^(?:0x)?([0-9a-fx]{5,8})$/i;
  const UID = /^[0-9]+\.[0-9.]*$/;
  const HUMPS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;

  const folded = (text) => text.toLowerCase().replace(PUNCTUATION, "");
  const split = (text) => text.toLowerCase().replace(PUNCTUATION, " ").split(/\s+/).filter(Boolean);
  const wordsOf = (text) => split(text.toLowerCase().replaceAll("'s", ""));
  const put = (map, key, value) => map.has(key) ? map.get(key).push(value) : map.set(key, [value]);

  let loading;
  function load() {
    loading = loading || new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${here}search-index.js?v=${version}`;
      script.onload = () => resolve(index(window.tagwiseIndex));
      script.onerror = () => { loading = undefined; script.remove(); reject(new Error("search-index.js is missing")); };
      document.head.append(script);
    });
    return loading;
  }
  window.tagwiseFind = (words, limit = 12) => load().then((known) => search(known, words, limit));
  document.getElementById("q").addEventListener("focus", () => { load().catch(() => {}); });

  // What search-index.js leaves out is put back, and every entry is noted under what a query can hold.
  function entriesOf(data) {
    const [labels, names, keywords] = [data.labels.split("\n"), data.names.split("\n"), data.keywords.split("\n")];
    return Array.from(data.kinds, (letter, number) => {
      const [kind, folder] = data.folders[letter.toLowerCase()];
      let label = labels[number], name = names[number], show = `${kind}:${label}`;
      if (kind === "attribute") {
        label = `(${label.slice(0, 4)},${label.slice(4)})`;
        show = keywords[number] || name.replaceAll("'s", "").replace(/[^A-Za-z0-9]/g, "");
        if (show === "-") show = label;
      } else if (kind === "check") show = label;
      else if (label[0] === ".") show = `${kind}:${label = "1.2.840.10008" + label}`;
      const slug = kind === "attribute" ? label.slice(1, 10).replace(",", "-") : label;
      return { kind, show, label, name, retired: letter !== letter.toLowerCase(), address: `${folder}/${slug.toLowerCase()}.html` };
    });
  }
  function index(data) {
    const entries = entriesOf(data);
    const known = { entries, byWord: new Map(), byFirst: new Map(), bySpelling: new Map(), tags: [], uids: [] };
    const lines = [];
    entries.forEach((entry, number) => {
      const name = folded(entry.name), attribute = entry.kind === "attribute";
      entry.spelling = attribute ? entry.show.toLowerCase() : name;
      const words = entry.kind === "check" ? split(`${entry.label} ${entry.name}`) : split(entry.name.replaceAll("'s", ""));
      new Set(words).forEach((word) => put(known.byWord, word, number));
      if (words.length) put(known.byFirst, words[0], number);
      const labels = attribute ? [entry.show.toLowerCase()] : [folded(entry.label), folded(entry.label.split("/")[1] || "")];
      new Set([name, ...labels]).forEach((spelling) => put(known.bySpelling, spelling, number));
      if (attribute) known.tags.push([entry.label.slice(1, 5) + entry.label.slice(6, 10), number]);
      if (entry.label.startsWith("1.")) known.uids.push([entry.label, number]);
      lines.push(`${entry.show.toLowerCase()} ${name}`);
    });
    const inOrder = (one, other) => one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : one[1] - other[1];
    known.tags.sort(inOrder);
    known.uids.sort(inOrder);
    known.vocabulary = Array.from(known.byWord.keys()).sort();
    known.lines = lines;
    return known;
  }
  const startingIn = (pairs, start) => pairs.filter((pair) => pair[0].startsWith(start)).map((pair) => pair[1]);
  function starting(known, prefix) {
    let low = 0, high = known.vocabulary.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (known.vocabulary[middle] < prefix) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (end < known.vocabulary.length && known.vocabulary[end].startsWith(prefix)) end += 1;
    return known.vocabulary.slice(low, end);
  }

  // The tiers, best first. Each gives the numbers of entries; entries are numbered from the most likely on.
  function search(known, query, limit) {
    const hits = new Map();
    if (query.length > LONGEST) return [];
    for (const [how, numbers] of tiers(known, query)) {
      if (how === "near" && hits.size) break;
      for (const number of numbers()) {
        if (!hits.has(number)) hits.set(number, how);
        if (hits.size === limit) break;
      }
      if (hits.size === limit) break;
    }
    return Array.from(hits, ([number, how]) => ({ ...known.entries[number], how }));
  }
  function* tiers(known, query) {
    const spelling = folded(query), bare = query.trim();
    if (spelling) yield ["exact", () => known.bySpelling.get(spelling) || []];
    yield ["tag", () => byTag(known, bare)];
    if (UID.test(bare)) yield ["uid", () => startingIn(known.uids, bare)];
    const words = queryWords(known, query);
    if (words.length) {
      const started = words.map((word) => starting(known, word));
      for (const [how, groups] of [["words", words.map((word) => [word])], ["prefix", started]]) {
        const matching = all(known, groups);
        const first = new Set(groups[0].flatMap((word) => known.byFirst.get(word) || []));
        yield [how, () => matching.filter((number) => first.has(number))];
        yield [how, () => matching.filter((number) => !first.has(number))];
      }
    }
    if (spelling.length >= SHORTEST_PART) {
      yield ["part", () => known.lines.flatMap((line, number) => line.includes(spelling) ? [number] : [])];
    }
    if (words.length) {
      const near = (word) => { const whole = starting(known, word); return whole.length ? whole : misspelt(known, word); };
      yield ["near", () => all(known, words.map(near))];
    }
    if (spelling.length >= SHORTEST_PART) yield ["near", () => alike(known, spelling)];
  }
  function byTag(known, query) {
    const matched = TAG.exec(query);
    if (!matched || !/[0-9]/.test(query)) return [];
    const [group, element, digits] = [matched[1] || "", matched[2] || "", matched[3] || ""];
    const start = (digits || (group.length === 4 ? group + element : element ? "" : group)).toUpperCase().replaceAll("X", "x");
    if (!start || (start.length < 3 && !query.includes(","))) return [];
    const whole = start.length === 8 && (known.tags.find(([tag]) => tag === start) || known.tags.find(([tag]) => covers(tag, start)));
    const same = whole ? known.bySpelling.get(folded(known.entries[whole[1]].show)) || [] : [];
    return [...same, ...startingIn(known.tags, start)];
  }
  // A tag of a repeating group or element stands for all with hexadecimal digits in the place of its x.
  const covers = (tag, digits) => tag.includes("x") && new RegExp(`^${tag.replaceAll("x", "[0-9A-F]")}$`).test(digits);
  function queryWords(known, query) {
    const words = wordsOf(query);
    const there = words.slice(0, MOST_WORDS).filter((word) => starting(known, word).length);
    if (there.length === words.length) return there;
    return (query.match(HUMPS) || []).slice(0, MOST_WORDS).flatMap(wordsOf);
  }
  function all(known, groups) {
    const sets = groups.map((group) => new Set(group.flatMap((word) => known.byWord.get(word) || [])));
    return Array.from(sets[0]).filter((number) => sets.every((set) => set.has(number))).sort((one, other) => one - other);
  }

  // Typing errors, only where nothing else was found.
  const shortened = (word) => word.length > PIECE ? Array.from(word, (_, place) => word.slice(0, place) + word.slice(place + 1)) : [];
  function misspelt(known, word) {
    if (!known.lessOne) {
      known.lessOne = new Map();
      known.vocabulary.forEach((one) => shortened(one).forEach((rest) => put(known.lessOne, rest, one)));
    }
    const rests = shortened(word);
    return [...[word, ...rests].flatMap((rest) => known.lessOne.get(rest) || []), ...rests.filter((rest) => known.byWord.has(rest))];
  }
  const piecesOf = (text) => new Set(Array.from({ length: Math.max(1, text.length - PIECE + 1) }, (_, start) => text.slice(start, start + PIECE)));
  function alike(known, spelling) {
    if (!known.pieces) {
      known.pieces = new Map();
      known.entries.forEach((entry, number) => piecesOf(entry.spelling).forEach((piece) => put(known.pieces, piece, number)));
    }
    const wanted = piecesOf(spelling), shared = new Map();
    wanted.forEach((piece) => {
      const having = known.pieces.get(piece) || [];
      if (having.length < COMMON) having.forEach((number) => shared.set(number, (shared.get(number) || 0) + 1));
    });
    const least = Math.max(2, Math.floor(wanted.size / 3));
    const share = ([number, together]) => together / (wanted.size + known.entries[number].show.length);
    const likely = Array.from(shared).filter((pair) => pair[1] >= least);
    likely.sort((one, other) => share(other) - share(one) || one[0] - other[0]);
    const scored = likely.slice(0, COMPARED).map(([number]) => [likeness(spelling, known.entries[number].spelling), number]);
    scored.sort((one, other) => other[0] - one[0] || one[1] - other[1]);
    return scored.filter(([score]) => score >= ENOUGH).map(([, number]) => number);
  }
  function likeness(one, other) {
    const score = 1 - edits(one, other) / Math.max(one.length, other.length, 1);
    return other.includes(one) ? Math.max(score, other.startsWith(one.slice(0, 3)) ? 0.75 : 0.7) : score;
  }
  function edits(one, other) {
    let before = [], above = Array.from({ length: other.length + 1 }, (_, column) => column);
    for (let row = 1; row <= one.length; row += 1) {
      const line = [row];
      for (let column = 1; column <= other.length; column += 1) {
        let cost = Math.min(above[column] + 1, line[column - 1] + 1, above[column - 1] + (one[row - 1] !== other[column - 1]));
        if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
          cost = Math.min(cost, before[column - 2] + 1);
        }
        line.push(cost);
      }
      [before, above] = [above, line];
    }
    return above[other.length];
  }

  // The page search.html: what the server would have written.
  const results = document.getElementById("results");
  const query = new URLSearchParams(location.search).get("q") || "";
  if (results && query.trim()) {
    const words = query.slice(0, LONGEST).trim();
    document.getElementById("q").value = words;
    document.title = `${words} · tagwise`;
    document.querySelector("h1").textContent = `“${words}”`;
    const says = document.getElementById("says");
    window.tagwiseFind(words, 100).then((hits) => {
      says.textContent = hits.length ? `${hits.length === 100 ? "The first 100" : hits.length} result${hits.length === 1 ? "" : "s"}.` : "Nothing has this name.";
      results.append(...hits.map(result));
    }, () => { says.textContent = "The search index cannot be loaded: static/search-index.js is missing."; });
  }
  function result(hit) {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = new URL(`../${hit.address}`, here).href;
    link.append(part("strong", hit.name || hit.label));
    item.append(link, " ");
    if (hit.retired) item.append(part("span", "retired", "flag"), " ");
    const keyword = hit.kind === "attribute" && hit.show !== hit.label ? ` · ${hit.show}` : "";
    item.append(part("span", hit.kind, "quiet"), document.createElement("br"), part("span", hit.label + keyword, "label"));
    return item;
  }
  function part(name, text, kind) {
    const element = document.createElement(name);
    element.textContent = text;
    if (kind) element.className = kind;
    return element;
  }
})();
