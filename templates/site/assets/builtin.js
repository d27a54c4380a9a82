// Puts names in front of what the theme's own search finds.
(() => {
  const input = document.querySelector(".md-search__input");
  const result = document.querySelector(".md-search-result");
  if (!input || !result) return;
  const { find, instead, items, load, make, opens } = toolkitHits;
  const list = make("ul", { class: "tk-hits", "aria-label": "Names" });
  result.prepend(list);
  let asked = 0;

  const search = async () => {
    const mine = (asked += 1);
    const named = await find(input.value);
    if (mine !== asked) return;
    // Enter follows the entry with the highest score.
    named.links.forEach((link, at) =>
      link.firstElementChild.setAttribute("data-md-score", named.whole && !at ? "Infinity" : "0"),
    );
    const isVain = !named.links.length && input.value.trim();
    list.replaceChildren(...(isVain ? [make("li", {}, instead())] : items(named)));
  };

  input.addEventListener("focus", () => load().catch(() => {}));
  input.addEventListener("input", search);
  input.form?.addEventListener("reset", () => setTimeout(search));
  addEventListener("keydown", (event) => {
    if (!opens(event)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
})();
