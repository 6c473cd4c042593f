"use strict";
/* Optional: everything works without it. Shortcuts, drafts, live lists; it never touches focus or what is being typed. */
(() => {
  const $ = (query, from = document) => from.querySelector(query), $$ = (query) => [...document.querySelectorAll(query)];
  const body = document.body, base = body.dataset.ticket;
  const typing = (at) => at.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, dialog");
  const stale = new Set();
  let timer, busy, fetching;

  // drafts: on the server, per ticket and kind of text
  const send = (path) => { const form = $("#tulis"); if (!form) return; const data = new FormData(form); data.delete("berkas"); return fetch(base + path, { method: "POST", body: data, redirect: "manual" }); };
  const save = async () => {
    timer = 0;
    try {
      const answer = await send("/konsep"), place = $("#tersimpan");
      if (answer && answer.status === 204 && place) place.textContent = place.dataset.words + " " + new Date().toTimeString().slice(0, 5).replace(":", document.documentElement.lang === "en" ? ":" : ".");
      else if (answer && answer.status === 401) ended();
    } catch { timer = setTimeout(save, 5000); }
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("#isi, #catatan")) { clearTimeout(timer); timer = setTimeout(save, 800); }
    if (event.target.matches("[data-filter]")) $$(".pick .list button").forEach((one) => { one.hidden = !one.textContent.toLowerCase().includes(event.target.value.toLowerCase()); });
    if (event.target.matches("[name=berkas]")) $("#berkas-nama").textContent = [...event.target.files].map((file) => file.name).join(", ");
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#tulis")) return;
    if (busy) return event.preventDefault();
    busy = true; clearTimeout(timer); timer = 0;
    setTimeout(() => { busy = false; }, 4000);
  });
  addEventListener("pagehide", () => { if (timer) { clearTimeout(timer); const form = $("#tulis"), data = new FormData(form); data.delete("berkas"); navigator.sendBeacon(base + "/konsep", data); } });

  // live: the server names what changed; it is fetched when nothing is under the pointer or open
  const resting = (part) => !part.matches(":hover") && !part.contains(document.activeElement) && !$("details[open]", part);
  const refresh = async () => {
    const parts = [...stale].map((id) => document.getElementById(id)).filter((part) => part && resting(part));
    if (!parts.length || fetching) return;
    fetching = true;
    parts.forEach((part) => stale.delete(part.id));
    try {
      const answer = await fetch(location.href.split("#")[0].replace(/[?&]kabar=[^&#]*/, ""));
      if (answer.redirected) return ended();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of parts) {
        const fresh = page.getElementById(part.id), at = part.scrollTop;
        if (fresh && answer.ok && resting(part)) { part.replaceWith(fresh); fresh.scrollTop = at; } else stale.add(part.id);
      }
    } catch { parts.forEach((part) => stale.add(part.id)); } finally { fetching = false; }
  };
  const changed = (...ids) => { ids.forEach((id) => stale.add(id)); refresh(); };
  const ended = () => { $("#putus").hidden = false; $("[data-cut]").hidden = true; $("[data-ended]").hidden = false; };
  if (body.dataset.live) {
    let live, cut = false;
    const queue = () => changed("antrean", "menunggu", "langkah"), ticket = () => { if (base) changed("percakapan", "kepala", "rincian"); };
    const again = () => setTimeout(connect, 5000);
    const connect = () => {
      if (document.hidden) return;
      live = new EventSource(body.dataset.live);
      live.addEventListener("queue", queue);
      live.addEventListener("ticket", ticket);
      live.addEventListener("ended", () => { live.close(); ended(); });
      live.onopen = () => { cut = false; $("#putus").hidden = true; queue(); ticket(); };
      live.onerror = () => { cut = true; $("#putus").hidden = false; if (live.readyState === 2) fetch(location.href).then((answer) => answer.redirected ? ended() : again(), again); };
    };
    connect();
    // a hidden page holds no connection: browsers allow few of them to one host
    document.addEventListener("visibilitychange", () => { if (document.hidden) { if (live) live.close(); cut = true; } else if ((!live || live.readyState === 2) && $("[data-ended]").hidden) connect(); });
    setInterval(refresh, 1500);
    setInterval(() => { if (document.visibilityState === "visible") changed("antrean", "kepala"); }, 60000);
  }
  if (base && "unread" in body.dataset) send("/dibaca");
  addEventListener("pageshow", () => { const field = $("#tulis [role=alert]"); if (field) field.focus(); });

  // keys
  const off = () => localStorage.getItem("tanggap.letters") === "off", keys = $("#pintasan"), letters = $("[data-letters]");
  if (letters) { letters.checked = off(); letters.onchange = () => localStorage.setItem("tanggap.letters", letters.checked ? "off" : "on"); }
  $$("[data-keys]").forEach((one) => { one.hidden = false; one.onclick = () => keys.showModal(); });
  const step = (by) => { const rows = $$(".queue .row"), now = rows.findIndex((row) => row === document.activeElement || (row.ariaCurrent && !rows.includes(document.activeElement))), next = rows[Math.min(rows.length - 1, Math.max(0, now + by))]; if (next) next.focus(); };
  const write = (kind, id) => { const radio = $(`#tulis [value=${kind}]`), field = document.getElementById(id); if (radio) radio.checked = true; if (field) field.focus(); };
  const press = (aksi) => { const button = $$(`#tulis button[value="${aksi}"]`).find((one) => one.offsetParent && !one.disabled); if (button) button.click(); };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter" && event.target.closest("#tulis")) { event.preventDefault(); return press($("#tulis [value=catatan]:checked") ? "catatan" : event.shiftKey ? "tutup" : "jawab"); }
    if (event.altKey && event.key.toLowerCase() === "t") { event.preventDefault(); return press("templat"); }
    if (event.altKey && event.key.toLowerCase() === "e") { const up = $("[data-up]"); if (up) { event.preventDefault(); up.click(); const why = $("details[open] textarea", up.closest(".decide")); if (why) why.focus(); } return; }
    if (event.key === "Escape") { const open = $("details.menu[open]"); if (open) { open.open = false; return $("summary", open).focus(); } const shut = $("[data-shut]"); if (shut) return shut.click(); if (location.hash === "#rincian") { location.hash = "#percakapan"; return; } if (typing(event.target)) return event.target.blur(); const row = $(".queue .row[aria-current]"); if (row) row.focus(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey || off() || typing(event.target)) return;
    const act = { j: () => step(1), k: () => step(-1), "/": () => $(".find input").focus(), r: () => write("jawab", "isi"), n: () => write("catatan", "catatan"), s: () => { const one = $("[data-suggested]"); if (one) one.click(); }, "?": () => keys && keys.showModal() }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
