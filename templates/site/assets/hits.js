// The names that a query finds, as links; the index is loaded when it is first asked.
globalThis.toolkitHits = (() => {
  const root = new URL("../../", document.currentScript.src);
  const MOST = 6;
  const isFlat = document.querySelector('meta[name="toolkit-urls"]')?.content === "files";
  let index;

  const load = () =>
    (index ??= fetch(new URL("assets/toolkit/names.json", root))
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then(toolkitNames.prepare));

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // The address of a page, given one that ends in a slash.
  const address = (path) => new URL(isFlat ? path.replace(/\/$/, ".html") : path, root);

  const link = (hit) => {
    const url = address(hit.url);
    if (hit.anchor) url.hash = hit.anchor;
    const kind = hit.member ? (hit.kind === "enum" ? "value" : "field") : hit.kind;
    const name = hit.member ? `${hit.name}.${hit.member}` : hit.name;
    return make(
      "a",
      { href: url.href, class: "tk-hit" },
      make("strong", {}, name),
      make("span", { class: "tk-hit__kind" }, kind),
      make("span", { class: "tk-hit__package" }, hit.package),
    );
  };

  // The links for a query, and whether they have all of its words; none if there is no index.
  const find = (query) =>
    load().then(
      (content) => {
        const found = query.trim() ? toolkitNames.find(content, query, MOST) : { hits: [], whole: true };
        return { links: found.hits.map(link), whole: found.whole };
      },
      () => ({ links: [], whole: true }),
    );

  // The links as items of a list, below a note if they do not have all words.
  const items = ({ links, whole }) => {
    const found = links.map((link) => make("li", {}, link));
    if (found.length && !whole) found.unshift(make("li", { class: "tk-hits__note" }, "Not all words, but some:"));
    return found;
  };

  // Whether a key opens the search from anywhere, also while typing.
  const opens = (event) =>
    (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";

  // What to do instead, if nothing is found.
  const instead = () =>
    make(
      "p",
      { class: "tk-search__instead" },
      "Try a part of a name, or look at ",
      make("a", { href: address("reference/types/").href }, "all types"),
      " and ",
      make("a", { href: address(isFlat ? "reference/index/" : "reference/").href }, "all services"),
      ".",
    );

  return { find, instead, items, load, make, opens };
})();
