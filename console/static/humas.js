"use strict";
/* Optional: the board and a publication look again when the server says that something changed; never what is being typed. */
(() => {
  const main = document.querySelector("main[data-live]"), parts = ["papan", "rantai", "kepala", "perjalanan", "sebar"];
  if (!main || !("EventSource" in window)) return;
  const $ = (id, from = document) => from.getElementById(id);
  const resting = (part) => !part.contains(document.activeElement) && ![...part.querySelectorAll("input[type=text], input[type=datetime-local]")].some((field) => field.value !== field.defaultValue);
  let live, timer, fetching, stale = false;
  const look = async () => {
    if (fetching || document.hidden) return;
    fetching = true; stale = false;
    try {
      const answer = await fetch(location.href.split("#")[0].replace(/[?&]kabar=[^&#]*/, ""));
      if (answer.redirected || !answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const token = page.querySelector("[name=token]");
      if (token) document.querySelectorAll("[name=token]").forEach((one) => { one.value = token.value; });
      for (const id of parts) {
        const part = $(id), fresh = $(id, page);
        if (part && fresh && !part.parentElement.closest("#papan") && part.outerHTML !== fresh.outerHTML) { if (resting(part)) part.replaceWith(fresh); else stale = true; }
      }
    } catch { stale = true; } finally { fetching = false; }
  };
  const changed = () => { if (!timer) timer = setTimeout(() => { timer = 0; look(); }, 1000); };
  const connect = () => {
    if (live) live.close();
    if (document.hidden) return;
    live = new EventSource(main.dataset.live);
    for (const name of ["publications", "publication"]) live.addEventListener(name, changed);
    live.addEventListener("ended", () => live.close());
  };
  connect();
  document.addEventListener("visibilitychange", () => { if (document.hidden) { if (live) live.close(); } else { connect(); changed(); } });
  setInterval(() => { if (stale) look(); }, 2000);
  setInterval(changed, 30000);
})();
