(() => {
  const holder = document.getElementById("film");
  if (!holder) return;
  const film = JSON.parse(holder.textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
  const times = new Uint32Array(bytes(film.times));
  const codes = new Uint8Array(bytes(film.codes));
  const first = new Uint16Array(bytes(film.first));
  const second = new Uint16Array(bytes(film.second));
  const canvas = document.getElementById("floor");
  const context = canvas.getContext("2d");
  const play = document.getElementById("play");
  const seek = document.getElementById("seek");
  const speed = document.getElementById("speed");
  const clock = document.getElementById("clock");
  const hover = document.getElementById("hover");
  const begin = new Date(film.begins + "Z").getTime();
  const FLIGHT = 450, UNKNOWN = 255;
  const CELL = 128, HIGH = 62, GAP = 10, MARGIN = 8, LABEL = 20;

  let now = 0, next = 0, playing = false, last = 0;
  let states, queues, done, flights = [];
  let boxes = new Map(), width = 0;

  const reset = () => {
    states = film.places.map((n) => new Uint8Array(n).fill(UNKNOWN));
    queues = film.queues.slice();
    done = new Map();
    next = 0;
    flights = [];
  };
  // Every event up to `until` [s]; items in flight are drawn for the last moments alone.
  const advance = (until, draws) => {
    const limit = until * 10;
    for (; next < times.length && times[next] <= limit; next++) {
      const code = codes[next], a = first[next], b = second[next];
      if (code < 10) states[a][b] = code;
      else if (code === 10) {
        queues[a]++;
        if (draws && b !== 65535 && b !== a && flights.length < 400) flights.push([b, a, performance.now()]);
      } else if (code === 11) queues[a]--;
      else {
        const key = (code === 12 ? "finished " : "scrapped ") + film.routings[a];
        done.set(key, (done.get(key) || 0) + 1);
      }
    }
    now = until;
  };
  const layout = () => {
    width = canvas.parentElement.clientWidth;
    const across = Math.max(2, Math.floor((width - 2 * MARGIN + GAP) / (CELL + GAP)));
    const cell = Math.min(170, (width - 2 * MARGIN + GAP) / across - GAP);
    boxes = new Map();
    const labels = [];
    let y = MARGIN, x = 0;
    for (const group of film.groups) {
      // A short line shares its row with the next one where there is room.
      if (x > 0 && x + group.stations.length > across) { y += HIGH + GAP + LABEL; x = 0; }
      labels.push([group.label, MARGIN + x * (cell + GAP), y + 12, Math.min(group.stations.length, across - x) * (cell + GAP) - GAP]);
      for (const station of group.stations) {
        if (x >= across) { y += HIGH + GAP + LABEL; x = 0; }
        boxes.set(station, [MARGIN + x * (cell + GAP), y + LABEL, cell, HIGH]);
        x++;
      }
      if (x >= across) { y += HIGH + GAP + LABEL; x = 0; }
    }
    const height = y + (x > 0 ? HIGH + LABEL : 0) + MARGIN;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.height = height + "px";
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return labels;
  };
  let labels = [];
  const cut = (text, room) => {
    if (context.measureText(text).width <= room) return text;
    while (text.length > 1 && context.measureText(text + "…").width > room) text = text.slice(0, -1);
    return text + "…";
  };
  const font = getComputedStyle(document.body).fontFamily;
  const drawPlaces = (places, x, y, w, h) => {
    if (places.length <= 36) {
      const size = places.length <= 12 ? 11 : 8, gap = 2, across = Math.floor((w + gap) / (size + gap));
      places.forEach((state, i) => {
        const px = x + (i % across) * (size + gap), py = y + Math.floor(i / across) * (size + gap);
        if (state === UNKNOWN) { context.strokeStyle = "#c3cad0"; context.strokeRect(px + 0.5, py + 0.5, size - 1, size - 1); return; }
        context.fillStyle = film.colours[state];
        context.fillRect(px, py, size, size);
        if (state === 0) { context.strokeStyle = "#c3cad0"; context.strokeRect(px + 0.5, py + 0.5, size - 1, size - 1); }
      });
      return;
    }
    const counts = new Array(10).fill(0);
    for (const state of places) if (state !== UNKNOWN) counts[state]++;
    let at = x;
    for (const state of film.stacking) {
      const part = counts[state] / places.length * w;
      context.fillStyle = film.colours[state];
      context.fillRect(at, y, part, 14);
      at += part;
    }
    context.strokeStyle = "#c3cad0";
    context.strokeRect(x + 0.5, y + 0.5, w - 1, 13);
    context.fillStyle = "#5d6773";
    context.font = "10px " + font;
    context.fillText(places.length + " places", x, y + 25);
  };
  const draw = () => {
    context.clearRect(0, 0, width, canvas.height);
    context.textBaseline = "alphabetic";
    context.font = "600 11px " + font;
    context.fillStyle = "#5d6773";
    for (const [text, x, y, room] of labels) context.fillText(cut(text, room), x, y);
    for (const [station, [x, y, w, h]] of boxes) {
      context.fillStyle = "#ffffff";
      context.strokeStyle = "#dde2e5";
      context.lineWidth = 1;
      context.beginPath();
      context.roundRect(x + 0.5, y + 0.5, w - 1, h - 1, 4);
      context.fill();
      context.stroke();
      context.font = "11px " + font;
      context.fillStyle = "#1c2430";
      context.fillText(cut(film.stations[station], w - 12), x + 6, y + 15);
      const waiting = queues[station];
      context.font = (waiting > 0 ? "600 " : "") + "12px " + font;
      context.fillStyle = waiting > 0 ? "#46265c" : "#b4bcc3";
      context.textAlign = "right";
      context.fillText(String(waiting), x + 26, y + 34);
      context.textAlign = "left";
      context.fillStyle = "#46265c";
      context.globalAlpha = 0.35;
      const bar = Math.min(1, Math.log1p(Math.max(waiting, 0)) / Math.log(101)) * 20;
      context.fillRect(x + 6, y + h - 10, bar, 4);
      context.globalAlpha = 1;
      drawPlaces(states[station], x + 32, y + 24, w - 38, h - 28);
    }
    const wall = performance.now();
    flights = flights.filter((flight) => wall - flight[2] < FLIGHT);
    context.fillStyle = "#c23b22";
    for (const [from, to, since] of flights) {
      const a = boxes.get(from), b = boxes.get(to);
      if (!a || !b) continue;
      const u = (wall - since) / FLIGHT, s = u * u * (3 - 2 * u);
      context.beginPath();
      context.arc(a[0] + a[2] + (b[0] - a[0] - a[2]) * s, a[1] + a[3] / 2 + (b[1] - a[1]) * s, 3, 0, 6.3);
      context.fill();
    }
    const date = new Date(begin + now * 1000);
    clock.textContent = date.toLocaleString("en-GB", { timeZone: "UTC", weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    seek.value = String(Math.round(now / film.ends * 1000));
  };
  const frame = (wall) => {
    if (playing) {
      const until = Math.min(film.ends, now + Math.min(0.1, (wall - last) / 1000) * Number(speed.value));
      advance(until, true);
      if (until >= film.ends) stop();
    }
    last = wall;
    draw();
    if (playing || flights.length) requestAnimationFrame(frame);
  };
  const stop = () => { playing = false; play.textContent = "Play"; };
  play.addEventListener("click", () => {
    if (playing) { stop(); return; }
    if (now >= film.ends) { reset(); now = 0; }
    playing = true;
    play.textContent = "Pause";
    last = performance.now();
    requestAnimationFrame(frame);
  });
  seek.addEventListener("input", () => {
    const wanted = Number(seek.value) / 1000 * film.ends;
    if (wanted < now) reset();
    flights = [];
    advance(wanted, false);
    draw();
  });
  canvas.addEventListener("mousemove", (event) => {
    for (const [station, [x, y, w, h]] of boxes) {
      if (event.offsetX < x || event.offsetX > x + w || event.offsetY < y || event.offsetY > y + h) continue;
      const counts = new Map();
      for (const state of states[station]) if (state !== UNKNOWN) counts.set(state, (counts.get(state) || 0) + 1);
      const told = film.stacking.filter((s) => counts.has(s)).map((s) => `${counts.get(s)} ${film.labels[s].toLowerCase()}`);
      hover.textContent = `${film.stations[station]}: ${told.join(", ") || "no event yet"}; ${queues[station]} waiting`;
    }
  });
  window.addEventListener("resize", () => { labels = layout(); draw(); });
  reset();
  labels = layout();
  // Begin in the middle of the first day that works, so that the picture shows something before Play is pressed.
  advance(Math.min(film.ends, 36 * 3600), false);
  draw();
})();
