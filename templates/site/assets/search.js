// The search of a large site: a dialog that loads its index in pieces.
(() => {
  const root = new URL("../../", document.currentScript.src);
  const MOST_PAGES = 8;
  const MOST_PLACES = 4;
  let engine;
  let asked = 0;

  const { find, instead, items, load: loadNames, make, opens } = toolkitHits;

  const input = make("input", {
    type: "search",
    placeholder: "Fields, methods, messages, values",
    "aria-label": "Search",
    autocomplete: "off",
    spellcheck: "false",
  });
  const state = make("p", { class: "tk-search__state", role: "status" });
  const list = make("ul", { class: "tk-search__results" });
  const close = make("button", { type: "button", class: "tk-search__close" }, "Close");
  const dialog = make(
    "dialog",
    { class: "tk-search", "aria-label": "Search" },
    make("div", { class: "tk-search__bar" }, input, close),
    state,
    list,
  );
  const button = make(
    "button",
    { type: "button", class: "tk-search__open", "aria-keyshortcuts": "/ Control+K Meta+K" },
    make("span", {}, "Search"),
    make("kbd", { "aria-hidden": "true" }, "/"),
  );

  const load = () =>
    (engine ??= import(new URL("pagefind/pagefind.js", root)).then(async (module) => {
      await module.options({ baseUrl: root.pathname, excerptLength: 18 });
      await module.init();
      return module;
    }));

  // An excerpt is HTML with <mark>; only its text and its marks are used.
  const excerpt = (html) => {
    const text = make("span", { class: "tk-search__excerpt" });
    for (const node of new DOMParser().parseFromString(html, "text/html").body.childNodes) {
      text.append(node.nodeName === "MARK" ? make("mark", {}, node.textContent) : node.textContent);
    }
    return text;
  };

  const link = (url, title, html, kind) =>
    make("a", { href: url, class: `tk-search__${kind}` }, make("strong", {}, title), excerpt(html));

  // A match at the top of a page is the page itself, not a section.
  const isTop = (found) => !found.anchor || found.anchor.element === "h1";

  const item = (page) => {
    const top = page.sub_results.find(isTop);
    const places = page.sub_results.filter((found) => !isTop(found)).slice(0, MOST_PLACES);
    const links = [
      link(top?.url ?? page.url, page.meta.title, places.length ? (top?.excerpt ?? "") : page.excerpt, "page"),
      ...places.map((found) => link(found.url, found.title, found.excerpt, "place")),
    ];
    links[top || !places.length ? 0 : 1].classList.add("tk-search__best");
    return make("li", {}, ...links);
  };

  const show = (named, pages, said) => {
    named.links[0]?.classList.add("tk-search__best");
    const found = [...items(named), ...pages.map(item)];
    list.replaceChildren(...(found.length ? found : said ? [make("li", {}, instead())] : []));
    state.textContent = said;
  };

  const search = async () => {
    const query = input.value.trim();
    const mine = (asked += 1);
    const named = await find(query);
    if (mine !== asked) return;
    if (!query) return show(named, [], "");
    show(named, [], "Searching");
    try {
      const found = await (await load()).search(query);
      if (mine !== asked) return;
      const pages = await Promise.all(found.results.slice(0, MOST_PAGES).map((result) => result.data()));
      if (mine !== asked) return;
      const count = found.results.length;
      const none = named.links.length ? "No text found" : "Nothing found";
      show(named, pages, count === 0 ? none : count === 1 ? "Text on 1 page" : `Text on ${count} pages`);
    } catch {
      show(named, [], "There is no search index. Run `toolkit finish`.");
    }
  };

  const open = () => {
    if (!dialog.open) dialog.showModal();
    input.select();
    load().catch(() => {});
    loadNames().catch(() => {});
  };

  const move = (step) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement) + step;
    if (at < 0) input.focus();
    else links[Math.min(at, links.length - 1)]?.focus();
  };

  input.addEventListener("input", search);
  button.addEventListener("click", open);
  close.addEventListener("click", () => dialog.close());
  list.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (opens(event)) {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === input) {
      list.querySelector(".tk-search__best")?.click();
    }
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, [contenteditable]");
    const isBare = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!opens(event) && (typing || !isBare || !["/", "s", "f"].includes(event.key))) return;
    event.preventDefault();
    open();
  });

  document.querySelector(".md-header__inner")?.append(button);
  document.body.append(dialog);
})();
