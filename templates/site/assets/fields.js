// Filters fields, opens and closes all messages, and copies names and pages. Without this script, everything is readable.
(() => {
  const FEW = 8;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // The fields directly in a block: each is a heading and what follows it, up to the next field or section.
  const rows = (block) => {
    const found = [];
    let row;
    for (const child of block.children) {
      if (child.matches(".field")) found.push((row = { parts: [child], inner: [], own: child.textContent }));
      else if (child.matches("h2, h3, .uses")) row = undefined;
      else if (child.matches(".oneof")) {
        row = undefined;
        found.push({ parts: [child], inner: rows(child), own: "", group: true });
      } else if (row) {
        row.parts.push(child);
        if (child.matches("details")) {
          row.inner = rows(child);
          row.details = child;
        } else {
          row.own += ` ${child.textContent}`;
          row.required ||= child.matches(".facts:has(> .required)");
        }
      }
    }
    return found;
  };

  // Shows the rows that match, or that have such a row below them; whether there is any.
  const filter = (all, words, required) => {
    let any = false;
    for (const row of all) {
      const own = !row.group && words.every((word) => row.own.toLowerCase().includes(word)) && (!required || row.required);
      const below = row.group || !required || row.required ? filter(row.inner, own && !required ? [] : words, required) : false;
      const shown = own || below;
      for (const part of row.parts) part.hidden = !shown;
      if (row.details && words.length && !own && below) row.details.open = true;
      any ||= shown;
    }
    return any;
  };

  const toolbar = (block, first) => {
    const all = rows(block);
    const details = [...block.querySelectorAll("details.nested")];
    const input = make("input", { type: "search", placeholder: "Filter fields", "aria-label": "Filter fields" });
    const check = make("input", { type: "checkbox" });
    const state = make("span", { role: "status" });
    const bar = make("div", { class: "tk-fields" }, input);
    if (block.querySelector(".facts > .required")) bar.append(make("label", {}, check, " Required only"));
    if (details.length) {
      const button = make("button", { type: "button" }, "Expand all");
      button.addEventListener("click", () => {
        const open = details.some((one) => !one.open);
        for (const one of details) one.open = open;
        button.textContent = open ? "Collapse all" : "Expand all";
      });
      bar.append(button);
    }
    const apply = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      state.textContent = filter(all, words, check.checked) ? "" : "No field matches";
    };
    input.addEventListener("input", apply);
    check.addEventListener("change", apply);
    addEventListener("hashchange", () => {
      if (!document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("[hidden]")) return;
      input.value = "";
      check.checked = false;
      apply();
    });
    bar.append(state);
    first.before(bar);
  };

  const copying = (words, read) => {
    const button = make("button", { type: "button", class: "tk-copy" }, words);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(await read());
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not copied";
      }
      setTimeout(() => (button.textContent = words), 2000);
    });
    return button;
  };

  const blocks = new Set([...document.querySelectorAll(".sides")]);
  if (!blocks.size) document.querySelectorAll(".field").forEach((one) => blocks.add((one.closest(".oneof") ?? one).parentElement));
  for (const block of blocks) {
    const fields = block.querySelectorAll(".field");
    if (fields.length < FEW) continue;
    const first = [...block.children].find((child) => child.matches(".field, .oneof"));
    if (first) toolbar(block, first);
  }

  for (const name of document.querySelectorAll(".full-name > code")) {
    name.after(" ", copying("Copy", () => name.textContent));
  }

  // The Markdown of a page, next to its HTML.
  const twin = document.querySelector("link[rel~=alternate][type='text/markdown']");
  const crumbs = document.querySelector(".crumbs");
  const line = document.querySelector(".tk-page");
  if (twin && crumbs && line) {
    const read = async () => {
      const answer = await fetch(twin.href);
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.text();
    };
    line.prepend(copying("Copy page", read), " ");
    crumbs.after(line);
  }
})();
