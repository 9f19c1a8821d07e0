"use strict";
(() => {
  const table = document.getElementById("figure-table");
  if (!table) return;
  const search = document.getElementById("figure-search");
  const kind = document.getElementById("figure-kind");
  const ranged = document.getElementById("figure-ranged");
  const rows = Array.from(table.tBodies[0].rows, (row) => [row, row.textContent.toLowerCase()]);
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [row, text] of rows) {
      const fits = words.every((word) => text.includes(word)) && (!kind.value || row.dataset.kind === kind.value)
        && (!ranged.checked || "ranged" in row.dataset);
      row.hidden = !fits;
      shown += fits;
    }
    document.getElementById("figure-count").textContent = `${shown} of ${rows.length}`;
  };
  for (const control of [search, kind, ranged]) control.addEventListener("input", filter);
  filter();
})();
(() => {
  const links = new Map(Array.from(document.querySelectorAll("nav a"), (a) => [a.hash.slice(1), a]));
  if (!("IntersectionObserver" in window)) return;
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  for (const section of document.querySelectorAll("main section")) seen.observe(section);
})();
