// Selects the tabs that the reader chose last, on every page, and the one in the address.
(() => {
  const kept = window.__md_get("__tabs");
  for (const set of Array.isArray(kept) ? document.querySelectorAll(".tabbed-set") : []) {
    const labels = [...set.querySelectorAll(":scope > .tabbed-labels > label")];
    const wanted = kept.map((name) => labels.find((label) => label.textContent.trim() === name)).find(Boolean);
    const languages = set.closest("[data-languages]")?.dataset.languages.split(",");
    if (languages && wanted && !languages.includes(wanted.textContent.trim())) continue; // a panel of another page
    const input = wanted && document.getElementById(wanted.htmlFor);
    if (input) input.checked = true;
  }
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.name && target.name.startsWith("__tabbed_")) target.checked = true;
})();
