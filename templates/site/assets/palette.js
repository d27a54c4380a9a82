// Applies the color mode that the reader chose, before anything is drawn.
(() => {
  const kept = window.__md_get("__palette");
  if (!kept || !kept.color) return;
  const color = { ...kept.color };
  if (color.media === "(prefers-color-scheme)") {
    const mode = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
    const input = document.querySelector(`[data-md-color-media="(prefers-color-scheme: ${mode})"]`);
    for (const key of ["media", "scheme", "primary", "accent"]) {
      if (input) color[key] = input.getAttribute(`data-md-color-${key}`);
    }
  }
  for (const [key, value] of Object.entries(color)) document.body.setAttribute(`data-md-color-${key}`, value);
})();
