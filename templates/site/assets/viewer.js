// Shows the OpenAPI document that a page links. Without the viewer's files, or where nothing can be fetched, the link stays.
(() => {
  const here = document.currentScript.src;
  const frame = document.querySelector(".md-typeset .openapi");
  const link = frame?.querySelector("a");
  if (!link) return;

  const load = (name, properties) =>
    new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement(name), properties);
      element.onload = resolve;
      element.onerror = () => reject(new Error(`no ${element.src || element.href}`));
      document.head.append(element);
    });

  const paint = () =>
    document.documentElement.classList.toggle(
      "dark-mode",
      document.body.getAttribute("data-md-color-scheme") === "slate",
    );

  const show = async () => {
    const { ok, status } = await fetch(link.href, { method: "HEAD" });
    if (!ok) throw new Error(`${link.href} answers ${status}`);
    await Promise.all([
      load("link", { rel: "stylesheet", href: new URL("swagger-ui.css", here) }),
      load("script", { src: new URL("swagger-ui-bundle.js", here) }),
    ]);
    const view = document.createElement("div");
    view.className = "openapi-view";
    frame.closest(".md-content").append(view); // outside the text, whose styles it would get
    paint();
    new MutationObserver(paint).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });
    window.SwaggerUIBundle({
      url: link.href,
      domNode: view,
      deepLinking: true,
      defaultModelsExpandDepth: 0,
      docExpansion: "list",
      supportedSubmitMethods: [], // the policy of the page lets it call no other host
      validatorUrl: null,
    });
  };

  show().catch((error) => console.warn(`The document is only linked: ${error.message}`));
})();
