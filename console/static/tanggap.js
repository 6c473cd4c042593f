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
  // another form or link of this ticket leads back here: what is being typed is kept first, so that it stands there again
  const asked = new WeakSet();
  const first = (event, thing, go) => { if (!timer || event.defaultPrevented || asked.has(thing)) return; asked.add(thing); event.preventDefault(); clearTimeout(timer); save().then(go); };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && base && (link.pathname + "/").startsWith(base + "/") && !link.hash && !link.download && !event.ctrlKey && !event.metaKey && !event.shiftKey) first(event, link, () => { location.href = link.href; });
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#tulis")) { if (event.target.requestSubmit) first(event, event.target, () => event.target.requestSubmit(event.submitter)); return; }
    if (busy) return event.preventDefault();
    busy = true; clearTimeout(timer); timer = 0;
    setTimeout(() => { busy = false; }, 4000);
  });
  addEventListener("pagehide", () => { if (timer) { clearTimeout(timer); const form = $("#tulis"), data = new FormData(form); data.delete("berkas"); navigator.sendBeacon(base + "/konsep", data); } });

  // live: the server names what changed; it is fetched when nothing is under the pointer, chosen or open, else a bar says so
  const resting = (part) => !part.matches(":hover") && !part.contains(document.activeElement) && !$("details[open], [name=pilih]:checked", part);
  const renew = (page) => { const fresh = $("[name=token]", page); if (fresh) $$("[name=token]").forEach((one) => { one.value = fresh.value; }); };
  const ids = (part) => [...part.querySelectorAll(".row")].map((row) => row.pathname);
  const swap = (part, fresh) => { // the row that is read stays where it stands
    const edge = part.getBoundingClientRect().top, at = part.scrollTop, mark = at && [...part.querySelectorAll(".row")].find((row) => row.getBoundingClientRect().top >= edge), stood = mark && mark.getBoundingClientRect().top;
    const told = $(".toast", part);
    part.replaceWith(fresh); fresh.scrollTop = at;
    if (told && !$(".toast", fresh)) fresh.append(told); // what was just done, and the way back
    const same = mark && [...fresh.querySelectorAll(".row")].find((row) => row.pathname === mark.pathname);
    if (same) fresh.scrollTop += same.getBoundingClientRect().top - stood;
  };
  let line = () => {}, heard = false, waiting = parseInt(($("#menunggu") || {}).textContent, 10);
  const announce = (part, fresh) => {
    const known = ids(part), count = ids(fresh).filter((id) => !known.includes(id)).length, bar = $("#baru"), button = $("[data-fresh]");
    if (!bar || (!count && known.join() === ids(fresh).join())) return;
    button.textContent = button.dataset.words.replace("{n}", count || 1); bar.hidden = false;
  };
  const look = async () => {
    const answer = await fetch(location.href.split("#")[0].replace(/[?&]kabar=[^&#]*/, ""));
    if (answer.redirected) { ended(); return null; }
    if (!answer.ok) throw answer;
    if (!$("[data-ended]").hidden) { over(false); $("#putus").hidden = true; line(); } // signed in again, perhaps in another tab
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    renew(page);
    return page;
  };
  const refresh = async (force) => {
    const queue = $("#antrean"), all = [...stale].map((id) => document.getElementById(id)).filter(Boolean), parts = all.filter((part) => force === true || resting(part)), peek = heard && queue && all.includes(queue) && !parts.includes(queue);
    if (!(parts.length || peek) || fetching) return;
    fetching = true; heard = false;
    parts.forEach((part) => stale.delete(part.id));
    try {
      const page = await look();
      if (!page) return;
      for (const part of parts) {
        const fresh = page.getElementById(part.id);
        if (fresh && (force === true || resting(part))) swap(part, fresh); else stale.add(part.id);
      }
      if (peek) announce(queue, page.getElementById("antrean"));
    } catch { parts.forEach((part) => stale.add(part.id)); } finally { fetching = false; }
  };
  const changed = (...names) => { names.forEach((id) => stale.add(id)); refresh(); };
  const over = (is) => { if (is) $("#putus").hidden = false; $("[data-cut]").hidden = is; $("[data-ended]").hidden = !is; }, ended = () => over(true);
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status === 401) ended(); });
  document.addEventListener("click", (event) => { // to the login together with what is being written
    const keep = event.target.closest("[data-ended] a") && $("#tulis button[value=simpan]");
    if (keep && keep.form.requestSubmit) { event.preventDefault(); busy = false; keep.form.requestSubmit(keep); }
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-fresh]")) { stale.add("antrean"); refresh(true); } });

  // told by the browser, for who asked for it here: a queue that is hidden keeps listening
  const notify = $("[data-notify]"), wants = () => "Notification" in window && Notification.permission === "granted" && localStorage.getItem("tanggap.notify") === "on";
  if (notify && "Notification" in window && Notification.permission !== "denied") {
    const button = $("button", notify), show = () => { button.textContent = wants() ? button.dataset.stop : button.dataset.ask; notify.hidden = false; };
    button.onclick = async () => { const on = !wants(); if (on) await Notification.requestPermission(); localStorage.setItem("tanggap.notify", on ? "on" : "off"); if (Notification.permission === "denied") notify.hidden = true; else show(); };
    show();
  }
  const tell = async () => {
    if (!document.hidden || !wants() || !notify) return;
    const page = await look().catch(() => null), now = page && parseInt(page.getElementById("menunggu").textContent, 10);
    if (page && now > waiting) new Notification($("button", notify).dataset.title, { body: $("button", notify).dataset.body, tag: "tanggap" }).onclick = () => window.focus();
    if (page) waiting = now;
  };
  if (body.dataset.live) {
    let live, began;
    const queue = () => { heard = true; changed("antrean", "menunggu", "langkah"); tell(); }, ticket = () => { if (base) changed("percakapan", "kepala", "rincian"); };
    const again = () => setTimeout(connect, 5000);
    const connect = () => {
      if (document.hidden && !(notify && wants())) return;
      if (live) live.close();
      live = new EventSource(body.dataset.live);
      live.addEventListener("queue", queue);
      live.addEventListener("ticket", ticket);
      live.addEventListener("ended", () => { live.close(); ended(); });
      began = false;
      live.onopen = () => { over(false); $("#putus").hidden = true; if (!began) { began = true; changed("antrean", "menunggu", "langkah"); ticket(); } }; // after a cut the server tells what was missed
      live.onerror = () => { $("#putus").hidden = false; if (live.readyState === 2) fetch(location.href).then((answer) => answer.redirected ? ended() : again(), again); };
    };
    line = connect;
    connect();
    // a hidden page holds no connection: browsers allow few of them to one host. One that comes back looks at everything
    // again; after a night, or a login elsewhere, its forms get the token of the session that is
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) { if (live && !(notify && wants())) live.close(); return; }
      if (!live || live.readyState === 2) connect();
      queue(); ticket();
    });
    setInterval(refresh, 1500);
    setInterval(() => { if (document.visibilityState === "visible") changed("antrean", "kepala"); }, 60000);
  }

  // several tickets: x, or a box; with shift all between
  let anchor;
  document.addEventListener("click", (event) => {
    if (!event.target.matches("[name=pilih]")) return;
    const boxes = $$("[name=pilih]"), here = boxes.indexOf(event.target), from = boxes.findIndex((box) => box.value === anchor);
    if (event.shiftKey && from >= 0) boxes.slice(Math.min(from, here), Math.max(from, here) + 1).forEach((box) => { box.checked = event.target.checked; });
    anchor = event.target.value;
  });
  const tick = () => { const row = document.activeElement.closest(".pickrow"), box = row && $("[name=pilih]", row); if (box) box.click(); };

  if (base && "unread" in body.dataset) send("/dibaca");
  addEventListener("pageshow", () => { const field = $("#tulis [role=alert]"); if (field) field.focus(); });

  // keys
  const off = () => localStorage.getItem("tanggap.letters") === "off", keys = $("#pintasan"), letters = $("[data-letters]");
  if (letters) { letters.checked = off(); letters.onchange = () => localStorage.setItem("tanggap.letters", letters.checked ? "off" : "on"); }
  $$("[data-keys]").forEach((one) => { one.hidden = false; one.onclick = () => keys.showModal(); });
  const step = (by) => { const rows = $$(".queue .row"), now = rows.findIndex((row) => row === document.activeElement || (row.ariaCurrent && !rows.includes(document.activeElement))), next = rows[Math.min(rows.length - 1, Math.max(0, now + by))]; if (next) next.focus(); };
  const write = (kind, id) => { const radio = $(`#tulis [value=${kind}]`), field = document.getElementById(id); if (radio) radio.checked = true; if (!field) return; field.focus(); if (!field.selectionEnd) field.setSelectionRange(field.value.length, field.value.length); };
  const press = (aksi) => { const button = $$(`#tulis button[value="${aksi}"]`).find((one) => one.offsetParent && !one.disabled); if (button) button.click(); };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter" && event.target.closest("#tulis")) { event.preventDefault(); return press($("#tulis [value=catatan]:checked") ? "catatan" : event.shiftKey ? "tutup" : "jawab"); }
    if (event.altKey && event.key.toLowerCase() === "t") { event.preventDefault(); return press("templat"); }
    if (event.altKey && event.key.toLowerCase() === "e") { const up = $("[data-up]"); if (up) { event.preventDefault(); up.click(); const why = $("details[open] textarea", up.closest(".decide")); if (why) why.focus(); } return; }
    if (event.key === "Escape") { const open = $("details.menu[open]"); if (open) { open.open = false; return $("summary", open).focus(); } const shut = $("[data-shut]"); if (shut) return shut.click(); if (location.hash === "#rincian") { location.hash = "#percakapan"; return; } if (typing(event.target)) return event.target.blur(); const row = $(".queue .row[aria-current]"); if (row) row.focus(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey || off() || typing(event.target)) return;
    const act = { j: () => step(1), k: () => step(-1), x: tick, "/": () => $(".find input").focus(), r: () => write("jawab", "isi"), n: () => write("catatan", "catatan"), a: () => { const one = $('form[action$="/ambil"] button'); if (one) one.click(); }, c: () => { const field = $("#tambah"); if (field && !field.offsetParent) location.hash = "#rincian"; if (field) field.focus(); }, s: () => { const one = $("[data-suggested]"); if (one) one.click(); }, "?": () => keys && keys.showModal() }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
