// Shows how much of a form with files has been sent. Without it the form works the same.
(() => {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-lapor]"), files = form && form.querySelector("input[type=file]");
    if (!files || !files.files.length) return;
    event.preventDefault();
    const box = form.querySelector("[data-progress]"), bar = box.querySelector("progress"), button = form.querySelector("button.primary");
    const plainly = () => { box.hidden = true; button.disabled = false; form.submit(); };
    const sending = new XMLHttpRequest();
    box.hidden = false;
    button.disabled = true;
    sending.open("POST", form.action);
    sending.upload.addEventListener("progress", (at) => { if (at.lengthComputable) bar.value = 100 * at.loaded / at.total; });
    sending.addEventListener("load", () => {
      if (sending.status < 300) { location.assign(sending.responseURL); return; }
      const page = new DOMParser().parseFromString(sending.responseText, "text/html"), main = page.querySelector("main");
      if (!main) { plainly(); return; }
      const chosen = files, keep = sending.status !== 413;
      document.querySelector("main").replaceWith(main);
      document.title = page.title;
      const slot = main.querySelector("input[type=file]");
      if (slot && keep && !slot.hasAttribute("aria-invalid")) { slot.replaceWith(chosen); }
      (main.querySelector("[role=alert]") || main).focus();
      window.scrollTo(0, 0);
    });
    sending.addEventListener("error", plainly);
    sending.send(new FormData(form));
  });
})();
