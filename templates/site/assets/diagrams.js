// Draws diagrams when they come into view, in the colors of the site. Without the Mermaid script they stay text.
(() => {
  const source = new URL("mermaid.min.js", document.currentScript.src);
  const drawn = new Map();
  let loading;
  let count = 0;

  const load = () =>
    (loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = source;
      script.onload = () => resolve(window.mermaid);
      script.onerror = () => reject(new Error("no mermaid.min.js"));
      document.head.append(script);
    }));

  const colours = () => {
    const style = getComputedStyle(document.body);
    const of = (name) => style.getPropertyValue(name).trim();
    return {
      darkMode: document.body.getAttribute("data-md-color-scheme") === "slate",
      fontFamily: style.fontFamily,
      fontSize: "14px",
      background: of("--tk-surface"),
      primaryColor: of("--tk-surface-2"),
      primaryTextColor: of("--tk-text"),
      primaryBorderColor: of("--tk-accent"),
      lineColor: of("--tk-text-2"),
      textColor: of("--tk-text"),
      actorBkg: of("--tk-surface-2"),
      actorBorder: of("--tk-accent"),
      actorTextColor: of("--tk-text"),
      actorLineColor: of("--tk-border"),
      signalColor: of("--tk-text-2"),
      signalTextColor: of("--tk-text"),
      labelBoxBkgColor: of("--tk-surface-2"),
      labelBoxBorderColor: of("--tk-border"),
      labelTextColor: of("--tk-text"),
      loopTextColor: of("--tk-text"),
      noteBkgColor: of("--tk-note"),
      noteBorderColor: of("--tk-border"),
      noteTextColor: of("--tk-text"),
      classText: of("--tk-text"),
    };
  };

  const name = (figure) => {
    let before = figure;
    while (before && !/^H[1-6]$/.test(before.tagName)) before = before.previousElementSibling ?? before.parentElement;
    return before ? before.textContent.replace("¶", "").trim() : "Diagram";
  };

  const draw = async (figure) => {
    try {
      const mermaid = await load();
      mermaid.initialize({
        startOnLoad: false,
        securityLevel: "strict",
        theme: "base",
        themeVariables: colours(),
        sequence: { mirrorActors: false, useMaxWidth: true },
        class: { useMaxWidth: true, hideEmptyMembersBox: true },
        flowchart: { useMaxWidth: true, htmlLabels: false },
      });
      const { svg } = await mermaid.render(`diagram-${(count += 1)}`, drawn.get(figure));
      figure.innerHTML = svg;
      const picture = figure.querySelector("svg");
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", `Diagram: ${name(figure)}`);
      picture.style.minWidth = `${0.6 * picture.viewBox.baseVal.width}px`; // smaller, its words cannot be read
      figure.removeAttribute("tabindex");
      if (figure.scrollWidth > figure.clientWidth) figure.tabIndex = 0; // who has no mouse scrolls it with the arrow keys
    } catch (error) {
      console.warn(`A diagram stays as text: ${error.message}`);
    }
  };

  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      draw(target);
    }
  }, { rootMargin: "200px" });

  for (const block of document.querySelectorAll("pre.diagram")) {
    const figure = document.createElement("figure");
    figure.className = "diagram";
    drawn.set(figure, block.textContent);
    block.replaceWith(figure);
    figure.append(block);
    seen.observe(figure);
  }

  new MutationObserver(() => {
    for (const figure of drawn.keys()) if (figure.querySelector(":scope > svg")) draw(figure);
  }).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });

  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll(".md-typeset details")) details.open = true;
  });
})();
