// Puts names in front of what the theme's own search finds.
(() => {
  const input = document.querySelector(".md-search__input");
  const result = document.querySelector(".md-search-result");
  if (!input || !result) return;
  const { find, instead, load, make } = toolkitHits;
  const list = make("ul", { class: "tk-hits", "aria-label": "Names" });
  result.prepend(list);
  let asked = 0;

  const search = async () => {
    const mine = (asked += 1);
    const { links, whole } = await find(input.value);
    if (mine !== asked) return;
    // Enter follows the entry with the highest score.
    links.forEach((link, at) => link.firstElementChild.setAttribute("data-md-score", whole && !at ? "Infinity" : "0"));
    const items = links.map((link) => make("li", {}, link));
    if (links.length && !whole) items.unshift(make("li", { class: "tk-hits__note" }, "Not all words, but some:"));
    if (!links.length && input.value.trim()) items.push(make("li", {}, instead()));
    list.replaceChildren(...items);
  };

  input.addEventListener("focus", () => load().catch(() => {}));
  input.addEventListener("input", search);
  input.form?.addEventListener("reset", () => setTimeout(search));
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
})();
