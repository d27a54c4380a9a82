// Finds elements by their names: exactly, by words, or by similar words. It knows nothing of pages or of the DOM.
globalThis.toolkitNames = (() => {
  // A method is what people look for most, and a message that is only a part of a call least.
  const RANKS = { method: 0, service: 1, resource: 2, enum: 3, request: 4, response: 5, metadata: 6 };
  const IDLE = new Set(
    ("a an and api are at be by can do does for from how i in into is it me my of on or our rpc the this to use want " +
      "was what when where which who why with you your")
      .split(" "),
  );
  // Words that people use for what methods are usually called.
  const VERBS = {
    add: "create",
    all: "list",
    change: "update",
    delete: "delete",
    edit: "update",
    fetch: "get",
    find: "list",
    make: "create",
    modify: "update",
    new: "create",
    read: "get",
    remove: "delete",
    rename: "update",
    resize: "update",
    set: "update",
    show: "get",
  };
  const SYNONYM = 0.4;
  const MOST = 1000;
  // Of the fields with a name, those that can be sent come first.
  const MEMBER_RANKS = { ...RANKS, request: 0, resource: 1, method: 2, service: 2, enum: 2 };

  const words = (text) =>
    text
      .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
      .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
      .toLowerCase()
      .split(/[^a-z0-9\u0080-\uffff]+/)
      .filter(Boolean);

  // One letter more, less, other, or two in the other order.
  const isSimilar = (one, other) => {
    if (one === other) return true;
    if (Math.abs(one.length - other.length) > 1) return false;
    let start = 0;
    while (start < one.length && one[start] === other[start]) start += 1;
    const rest = (text, from) => text.slice(from);
    return (
      rest(one, start + 1) === rest(other, start + 1) ||
      rest(one, start) === rest(other, start + 1) ||
      rest(one, start + 1) === rest(other, start) ||
      (one[start] === other[start + 1] &&
        one[start + 1] === other[start] &&
        rest(one, start + 2) === rest(other, start + 2))
    );
  };

  const prepare = (content) => {
    const entries = content.entries.map(([at, kind, name, page, ...requests]) => {
      const [pack, folder] = content.packages[at];
      const full = pack ? `${pack}.${name}` : name;
      return {
        kind,
        name,
        package: pack,
        requests,
        full,
        lower: full.toLowerCase(),
        own: words(name),
        around: words(pack),
        url: `${content.folder}/${folder || pack || "_"}/${page || name}/`,
        anchor: "",
      };
    });
    const members = Object.entries(content.members).map(([name, at]) => {
      return { name, lower: name.toLowerCase(), own: words(name), at };
    });
    const known = [...entries.flatMap((entry) => [...entry.own, ...entry.around]), ...members.flatMap((one) => one.own)];
    return { entries, members, sorted: [...new Set(known)].sort() };
  };

  const before = (one, other) =>
    one.score - other.score ||
    RANKS[one.entry.kind] - RANKS[other.entry.kind] ||
    one.entry.full.length - other.entry.full.length ||
    (one.entry.full < other.entry.full ? -1 : 1);

  const shape = (path) => path.replace(/\{[^}]*\}/g, "*").replace(/\/+$/, "");
  const isPath = (wanted, path) => {
    const [one, other] = [wanted.split("/"), shape(path).split("/")];
    const fits = (part, at) => part === other[at] || (other[at].startsWith("*") && part);
    return one.length === other.length && one.every(fits);
  };

  const byRequest = (index, query) => {
    const found = /^(?:([A-Za-z]+)\s+)?(?:https?:\/\/[^/]+)?(\/\S*)$/.exec(query);
    if (!found) return [];
    const [verb, path] = [found[1]?.toUpperCase(), shape(found[2].split("?")[0])];
    return index.entries.flatMap((entry) => {
      const fits = (one) => (!verb || one.startsWith(`${verb} `)) && isPath(path, one.slice(one.indexOf(" ") + 1));
      const at = entry.requests.findIndex(fits);
      return at < 0 ? [] : [{ entry, score: at }];
    });
  };

  const byName = (index, query) => {
    const wanted = query.replace(/^\/|[\s.]+$/g, "").replace(/\//g, ".").toLowerCase();
    if (!wanted || /\s/.test(wanted)) return [];
    const hits = index.entries
      .filter((entry) => entry.lower === wanted || entry.lower.endsWith(`.${wanted}`))
      .map((entry) => ({ entry, score: entry.lower === wanted ? -3 : -2 }));
    return [...hits, ...byMember(index, wanted)];
  };

  const byMember = (index, wanted) => {
    const dot = wanted.lastIndexOf(".");
    const [owner, name] = [wanted.slice(0, Math.max(dot, 0)), wanted.slice(dot + 1)];
    // A name of several words is a name; a single word may be meant as a word.
    const [base, step] = owner ? [-2, 0] : name.includes("_") ? [-1, 0.05] : [1.3, 0.75];
    return index.members
      .filter((member) => member.lower === name)
      .flatMap((member) => member.at.map((at) => ({ entry: index.entries[at], member })))
      .filter(({ entry }) => !owner || entry.lower === owner || entry.lower.endsWith(`.${owner}`))
      .map(({ entry, member }) => ({ entry: inside(entry, member.name), score: base + step * MEMBER_RANKS[entry.kind] }));
  };

  const inside = (entry, name) => {
    const parent = entry.kind === "enum" ? entry.full.slice(0, Math.max(entry.full.lastIndexOf("."), 0)) : entry.full;
    return { ...entry, member: name, anchor: parent ? `${parent}.${name}` : name };
  };

  // How well words fit a name: 0 is best; undefined if one of them is missing. Each is a list of words that are as good,
  // with what each of them costs.
  const fit = (entry, wanted) => {
    let score = 0;
    let own = 0;
    for (const words of wanted) {
      const costs = words.map(({ word, cost }) => cost + missing(entry, word));
      const least = Math.min(...costs);
      if (least === Infinity) return undefined;
      score += least;
      if (words.some(({ word }) => entry.own.some((one) => one.startsWith(word)))) own += 1;
    }
    return own ? score + (entry.own.length - own) * 0.6 : undefined;
  };

  const missing = (entry, word) => {
    if (entry.own.includes(word)) return 0;
    if (entry.own.some((one) => one.startsWith(word))) return 1;
    return entry.around.some((one) => one.startsWith(word)) ? 0.5 : Infinity;
  };

  const byWords = (index, wanted) =>
    index.entries.flatMap((entry) => {
      const score = fit(entry, wanted);
      return score === undefined ? [] : [{ entry, score: score + RANKS[entry.kind] * 0.75 }];
    });

  const membersByWords = (index, wanted) =>
    index.members.flatMap((member) => {
      const score = fit({ own: member.own, around: [] }, wanted);
      if (score === undefined) return [];
      return member.at.map((at) => ({ entry: inside(index.entries[at], member.name), score: score + 3 }));
    });

  // The words that one stands for: itself, without an ending, another that means the same, and similar ones if none is known.
  const options = (index, word) => {
    const found = [{ word, cost: 0 }];
    if (word.length > 3 && word.endsWith("s")) found.push({ word: word.slice(0, -1), cost: 0.2 });
    if (VERBS[word]) found.push({ word: VERBS[word], cost: SYNONYM });
    const isKnown = found.slice(0, 2).some((one) => index.sorted.some((known) => known.startsWith(one.word)));
    const similar = isKnown || word.length < 4 ? [] : index.sorted.filter((known) => isSimilar(word, known));
    return [...found, ...similar.map((one) => ({ word: one, cost: SYNONYM }))];
  };

  const unique = (hits) => {
    const seen = new Set();
    return hits.sort(before).filter(({ entry }) => {
      const key = entry.anchor || entry.full;
      return !seen.has(key) && seen.add(key);
    });
  };

  const shown = (hits, most) => unique(hits).slice(0, most).map((hit) => hit.entry);

  // The entries for a query, best first, and whether they have all of its words.
  const find = (index, query, most = 8) => {
    const text = query.trim().slice(0, MOST);
    const said = words(text);
    const meant = said.filter((word) => !IDLE.has(word));
    const wanted = (meant.length ? meant : said).map((word) => options(index, word));
    const all = [...byRequest(index, text), ...byName(index, text)];
    if (wanted.length) all.push(...byWords(index, wanted), ...membersByWords(index, wanted));
    if (all.length) return { hits: shown(all, most), whole: true };
    const some = index.entries.flatMap((entry) => {
      const scores = wanted.map((one) => fit(entry, [one])).filter((score) => score !== undefined);
      if (!scores.length) return [];
      return [{ entry, score: 4 * (wanted.length - scores.length) + Math.min(...scores) + RANKS[entry.kind] * 0.75 }];
    });
    return { hits: shown(some, most), whole: false };
  };

  return { prepare, find };
})();
