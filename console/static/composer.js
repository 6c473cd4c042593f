"use strict";
/* Optional: everything works without it. Who else is here, ten seconds to take back, preview while typing, files at once. */
(() => {
  const $ = (query, from = document) => from.querySelector(query);
  const form = () => $("#tulis");
  const token = () => $("[name=token]", form()).value;
  const body = (fields) => new URLSearchParams({ token: token(), ...fields });
  let typedAt = 0, answering = false, looking, told = false;

  const lewat = () => { const way = $("#tulis [name=lewat]"); return way ? way.value : ""; };
  // who else reads or types: every twenty seconds, and at once when one begins to write
  const tell = async () => {
    const place = $("#hadir");
    if (!place || document.hidden) return;
    told = Date.now() - typedAt < 30000;
    try {
      const answer = await fetch(place.dataset.url, { method: "POST", body: body({ menulis: told ? (answering ? "jawab" : "catat") : "", lewat: lewat() }) });
      if (answer.ok) { const words = await answer.text(), now = $("#hadir"); if (now && now.textContent !== words) now.textContent = words; }
    } catch { /* the next time */ }
  };
  if ($("#hadir")) {
    tell();
    setInterval(tell, 20000);
    addEventListener("pagehide", () => { if (form()) navigator.sendBeacon($("#hadir").dataset.url, body({ pergi: "1" })); });
  }

  // the answer as its channel will show it
  const open = () => { const place = $("#pratinjau-jawaban"); return place && (place.classList.contains("open") || place.matches(":target")); };
  const look = async () => {
    const place = $("#pratinjau-jawaban");
    if (!open()) return;
    const answer = await fetch(place.dataset.url, { method: "POST", body: body({ isi: $("#isi").value, lewat: lewat() }) });
    if (answer.ok) { const page = new DOMParser().parseFromString(await answer.text(), "text/html"); $("#pratinjau-jawaban").replaceChildren(page.getElementById("rupa")); }
  };
  const soon = () => { clearTimeout(looking); looking = setTimeout(() => look().catch(() => {}), 250); };

  document.addEventListener("input", (event) => {
    if (!event.target.closest("#tulis")) return;
    if (event.target.matches("#isi, #catatan")) { const begun = answering; typedAt = Date.now(); answering = event.target.matches("#isi"); if (!told || answering !== begun) { told = true; tell(); } }
    if (event.target.matches("#isi")) {
      const field = event.target, before = field.value.slice(0, field.selectionStart);
      if (event.inputType === "insertText" && event.data === "/" && /(^|\n)\/$/.test(before)) {
        field.value = before.slice(0, -1) + field.value.slice(field.selectionStart);
        const button = $("#tulis button[value=templat]");
        if (button) return button.click();
      }
      soon();
    }
    if (event.target.matches("[name=lewat]")) soon();
    if (event.target.matches("[name=berkas]") && event.target.files.length) $("#tulis button[value=lampir]").click();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#tulis button[value=lihat]");
    if (!button) return;
    event.preventDefault();
    $("#pratinjau-jawaban").classList.toggle("open");
    const menu = button.closest("details"); if (menu) menu.open = false;
    soon();
  });

  // the template picker: the search field has the focus, Enter looks at the first, then takes it
  let picking = false;
  document.addEventListener("click", (event) => { if (event.target.closest("#tulis button[value=templat]")) picking = true; }, true);
  document.addEventListener("htmx:afterSettle", () => { const field = $("#tulis [data-filter]"); if (picking && field) { picking = false; field.focus(); } });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("[data-filter]") && event.key === "Enter") {
      event.preventDefault();
      const first = [...document.querySelectorAll(".pick .list button")].find((one) => !one.hidden);
      if (first) (first.ariaCurrent ? $("#pratinjau button[value^=pakai]") : first).click();
    }
    if (event.altKey && event.key.toLowerCase() === "z") { const undo = $("[data-undo] button"); if (undo) { event.preventDefault(); undo.click(); } }
    if (event.altKey && event.key.toLowerCase() === "p") { const button = $("#tulis button[value=lihat]"); if (button) { event.preventDefault(); button.click(); } }
  });

  // ten seconds
  document.querySelectorAll("[data-undo]").forEach((one) => setTimeout(() => { if (!one.contains(document.activeElement)) one.remove(); }, Number(one.dataset.undo) * 1000));
})();
