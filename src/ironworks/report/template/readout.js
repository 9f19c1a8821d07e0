(() => {
  const number = (value) => value === null ? "–" : value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 1 : 0 }).replaceAll(",", "\u202f");
  for (const figure of document.querySelectorAll("[data-readout]")) {
    const data = JSON.parse(figure.dataset.readout);
    const sheet = figure.querySelector(".sheet");
    const stamps = data.dates.map((date) => Date.parse(date));
    const mark = document.createElement("div");
    const tip = document.createElement("div");
    mark.className = "mark";
    tip.className = "tip";
    const hide = () => { mark.remove(); tip.remove(); };
    sheet.addEventListener("pointerleave", hide);
    sheet.addEventListener("pointermove", (event) => {
      const box = sheet.getBoundingClientRect();
      const share = ((event.clientX - box.left) / box.width - data.begins) / (data.ends - data.begins);
      if (share < 0 || share > 1) { hide(); return; }
      const wanted = stamps[0] + share * (stamps.at(-1) - stamps[0]);
      let nearest = 0;
      stamps.forEach((stamp, i) => { if (Math.abs(stamp - wanted) < Math.abs(stamps[nearest] - wanted)) nearest = i; });
      const at = data.begins + (stamps[nearest] - stamps[0]) / (stamps.at(-1) - stamps[0] || 1) * (data.ends - data.begins);
      tip.replaceChildren();
      const date = document.createElement("b");
      date.textContent = new Date(stamps[nearest]).toLocaleDateString("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
      tip.append(date);
      for (const series of data.series) {
        const [low, middle, high] = series.values.map((row) => number(row[nearest]));
        const line = document.createElement("div");
        line.textContent = `${series.name}: ${middle} (P10 ${low}, P90 ${high})`;
        tip.append(line);
      }
      mark.style.left = `${at * 100}%`;
      tip.style.left = at < 0.6 ? `calc(${at * 100}% + 10px)` : "";
      tip.style.right = at < 0.6 ? "" : `calc(${(1 - at) * 100}% + 10px)`;
      sheet.append(mark, tip);
    });
  }
})();
