// The demo's page without reloading: forms are posted in the background, and news of the phones comes by a stream.
"use strict";
(() => {
  const frame = () => document.querySelector("iframe[name=konsol]");
  const trouble = (words) => { document.getElementById("gagal").textContent = words; };

  // Bring `old` into the state of `fresh`, child by child: what is unchanged stays the same element, and keeps its focus.
  function follow(old, fresh) {
    for (const details of fresh.querySelectorAll("details[id]")) {
      const was = document.getElementById(details.id);
      if (was && was.open) details.open = true;
    }
    const wanted = [...fresh.childNodes].filter((node) => node.nodeType === 1 || node.textContent.trim());
    wanted.forEach((node, at) => {
      let here = old.childNodes[at];
      while (here && here.nodeType !== 1 && !here.textContent.trim()) { here.remove(); here = old.childNodes[at]; }
      if (!here) old.append(node);
      else if (node.id && here.id !== node.id) old.insertBefore(node, here);
      else if (!here.isEqualNode(node)) here.replaceWith(node);
    });
    while (old.childNodes.length > wanted.length) old.lastChild.remove();
  }

  function show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const fresh of page.querySelectorAll("[data-live]")) {
      for (const old of document.querySelectorAll(`[data-live="${fresh.dataset.live}"]`)) {
        const focused = old.contains(document.activeElement) ? document.activeElement : null;
        const value = focused && focused.value;
        follow(old, fresh.cloneNode(true));
        if (focused && !focused.isConnected && value) {
          const again = [...old.querySelectorAll("button")].find((each) => each.value === value);
          if (again) again.focus();
        }
      }
    }
  }

  function listen() {
    const source = new EventSource(document.body.dataset.news);
    source.onmessage = (event) => { show(event.data); trouble(""); };
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  }

  async function post(form, button) {
    const data = new FormData(form);
    if (button && button.name) data.set(button.name, button.value);
    const fields = [...form.querySelectorAll("input[type=text], textarea")];
    const typed = fields.map((field) => field.value);
    fields.forEach((field) => { field.value = ""; });
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Live": "1" } });
      if (!answer.ok) throw new Error(answer.status);
      form.querySelectorAll("input[type=file]").forEach((field) => { field.value = ""; });
      const app = answer.headers.get("X-App");
      const tab = app && document.getElementById(`a-${app}`);
      if (tab) tab.checked = true;
      if (answer.headers.get("X-Reload") && frame()) frame().contentWindow.location.reload();
      trouble("");
    } catch {
      fields.forEach((field, at) => { field.value = field.value || typed[at]; });
      trouble("Belum terkirim. Muat ulang halaman, lalu coba lagi.");
    }
  }

  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches(".views")) {
      current(event.submitter);
    } else if (form.matches("[data-quiet]")) {
      event.preventDefault();
      const menu = form.closest("details") || (event.submitter && event.submitter.closest("details"));
      if (menu) { menu.open = false; const summary = menu.querySelector("summary"); if (menu.contains(document.activeElement)) summary.focus(); }
      post(form, event.submitter);
    }
  });

  function current(tab) {
    for (const each of document.querySelectorAll(".views [aria-current]")) each.removeAttribute("aria-current");
    if (tab) tab.setAttribute("aria-current", "page");
  }

  addEventListener("change", (event) => {
    const form = event.target.closest("form.views");
    if (form) form.requestSubmit(form.querySelector("[aria-current]"));
  });

  addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  listen();
})();
