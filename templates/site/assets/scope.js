// Storage of the reader's choices, for the scripts of the theme. In a file, since inline scripts are not allowed.
(() => {
  const scope = new URL(document.currentScript.dataset.scope || ".", location);
  const name = (key, base) => `${base.pathname}.${key}`;
  window.__md_scope = scope;
  window.__md_hash = (text) => [...text].reduce((sum, letter) => (sum << 5) - sum + letter.charCodeAt(0), 0);
  window.__md_get = (key, storage = localStorage, base = scope) => JSON.parse(storage.getItem(name(key, base)));
  window.__md_set = (key, value, storage = localStorage, base = scope) => {
    try {
      storage.setItem(name(key, base), JSON.stringify(value));
    } catch {
      // Storage may be full or forbidden; then nothing is stored.
    }
  };
})();
