// Puts names in front of what the theme's own search finds: that of Material, or that of Zensical, which is in a shadow.
(() => {
  const styles = new URL("site.css", document.currentScript.src).href;
  const { find, instead, items, load, make, opens } = toolkitHits;
  const list = make("ul", { class: "tk-hits", "aria-label": "Names" });

  // Fills the list with the names for what is typed; `rank` sees those before the list does.
  const attach = (input, rank) => {
    let asked = 0;
    const search = async () => {
      const mine = (asked += 1);
      const named = await find(input.value);
      if (mine !== asked) return;
      rank(named);
      const isVain = !named.links.length && input.value.trim();
      list.replaceChildren(...(isVain ? [make("li", {}, instead())] : items(named)));
    };
    input.addEventListener("focus", () => load().catch(() => {}));
    input.addEventListener("input", search);
    input.form?.addEventListener("reset", () => setTimeout(search));
  };

  const input = document.querySelector(".md-search__input");
  const result = document.querySelector(".md-search-result");
  if (input && result) {
    result.prepend(list);
    // Enter follows the entry with the highest score.
    attach(input, ({ links, whole }) =>
      links.forEach((link, at) =>
        link.firstElementChild.setAttribute("data-md-score", whole && !at ? "Infinity" : "0"),
      ),
    );
    addEventListener("keydown", (event) => {
      if (!opens(event)) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
    return;
  }

  // Zensical makes its search when it is first opened.
  addEventListener("focusin", (event) => {
    const field = event.composedPath()[0];
    const root = field.getRootNode();
    if (list.isConnected || !(root instanceof ShadowRoot) || !field.matches("input[role=combobox]")) return;
    const status = root.querySelector("[role=status]");
    if (!status) return;
    root.append(make("link", { rel: "stylesheet", href: styles }));
    status.before(list);
    let best = null;
    attach(field, ({ links, whole }) => {
      best = whole ? links[0] : null;
    });
    field.addEventListener("keydown", (event) => {
      const follows = event.key === "Enter" && best;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") best = null; // something else is chosen
      if (!follows && !opens(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      follows ? best.click() : field.select();
    }, true);
  });
})();
