"use strict";
/* Optional: on every page of the console. Ctrl+K goes anywhere, ? lists the keys; without it /ke and the menu do. */
(() => {
  const $ = (query, from = document) => from.querySelector(query);
  const panel = $("#ke"), list = panel && $("[data-places]", panel), field = panel && $("input", panel);
  if (!panel || !panel.showModal) return;
  const typing = (at) => at.closest && at.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, dialog[open]");
  let timer, asked = 0;

  const part = async (path) => {
    const answer = await fetch(path + encodeURIComponent(field.value));
    return answer.ok && !answer.redirected ? [...new DOMParser().parseFromString(await answer.text(), "text/html").body.children] : [];
  };
  // pages and numbers first, then the tickets of people and words that fit
  const look = async () => {
    const mine = ++asked;
    try {
      const places = await part("/ke?bagian=1&q=");
      if (mine !== asked) return;
      list.replaceChildren(...places);
      if (field.value.trim().length < 3) return;
      const tickets = (await part("/cari/cepat?q=")).flatMap((one) => [...one.querySelectorAll('li:has(> a[href^="/tiket/"])')]);
      if (mine !== asked || !tickets.length) return;
      const known = new Set([...list.querySelectorAll("a")].map((one) => one.pathname));
      list.firstElementChild.append(...tickets.filter((one) => !known.has(one.firstElementChild.pathname)));
    } catch { /* the form still goes there */ }
  };
  const open = () => { if (!panel.open) { panel.showModal(); field.value = ""; look(); } field.focus(); };
  document.querySelectorAll("[data-jump]").forEach((one) => one.addEventListener("click", (event) => { event.preventDefault(); open(); }));
  document.querySelectorAll("[data-all-keys]").forEach((one) => { one.hidden = false; one.addEventListener("click", () => ($("#pintasan") || $("#tombol")).showModal()); });
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 120); });
  panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
  panel.addEventListener("keydown", (event) => {
    const links = [...panel.querySelectorAll("a")], at = links.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !links.length) return;
    event.preventDefault();
    if (at + step < 0) field.focus(); else links[Math.min(links.length - 1, at + step)].focus();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") { event.preventDefault(); return open(); }
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || typing(event.target) || localStorage.getItem("tanggap.letters") === "off") return;
    if (event.key === "?" && !$("#pintasan")) { event.preventDefault(); $("#tombol").showModal(); }
    if (event.key === "/" && !document.body.dataset.live) { const find = $(".find input"); event.preventDefault(); if (find) find.focus(); else open(); }
  });
})();
