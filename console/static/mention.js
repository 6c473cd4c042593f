"use strict";
/* Completes @login in an internal note: arrows choose, Enter or Tab takes, Escape leaves. Without it one types the name. */
(() => {
  const start = () => {
    const field = document.getElementById("catatan"), known = document.getElementById("rekan");
    if (!field || !known) return;
    const list = document.createElement("div");
    list.id = "rekan-daftar"; list.className = "mentions"; list.hidden = true;
    list.setAttribute("role", "listbox");
    field.after(list);
    field.setAttribute("aria-controls", list.id);
    let at = 0;
    const typed = () => /(^|[^\w.@])@([\w.-]{0,40})$/.exec(field.value.slice(0, field.selectionStart));
    const options = () => [...list.children];
    const mark = () => options().forEach((one, n) => { one.id = "rekan-" + n; one.setAttribute("aria-selected", n === at); });
    const shut = () => { list.hidden = true; field.removeAttribute("aria-activedescendant"); };
    const show = () => {
      const found = typed();
      list.replaceChildren(...(found ? [...known.content.children].filter((one) => one.textContent.toLowerCase().includes(found[2].toLowerCase())).slice(0, 6).map((one) => one.cloneNode(true)) : []));
      at = 0; list.hidden = !list.children.length; mark();
      if (list.hidden) shut(); else field.setAttribute("aria-activedescendant", "rekan-0");
    };
    const take = (one) => {
      const found = typed(), end = field.selectionStart, begin = end - found[2].length, login = one.dataset.login + " ";
      field.setRangeText(login, begin, end, "end"); shut(); field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true })); shut();
    };
    field.addEventListener("input", show);
    field.addEventListener("blur", () => setTimeout(shut, 150));
    list.addEventListener("mousedown", (event) => { const one = event.target.closest("[data-login]"); if (one) { event.preventDefault(); take(one); } });
    field.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { at = (at + (event.key === "ArrowDown" ? 1 : -1) + list.children.length) % list.children.length; mark(); field.setAttribute("aria-activedescendant", "rekan-" + at); }
      else if ((event.key === "Enter" && !event.ctrlKey) || event.key === "Tab") take(list.children[at]);
      else if (event.key === "Escape") shut();
      else return;
      event.preventDefault(); event.stopPropagation();
    });
  };
  start();
})();
