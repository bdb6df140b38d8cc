// What every page has beside its HTML: everything works without it.
"use strict";
(() => {
  // Focus what went wrong; browsers without autofocus on a div are helped.
  const errors = document.getElementById("errors");
  if (errors) errors.focus();

  // A click on an entry of the error summary goes to the field itself, so that one can type at once.
  if (errors) errors.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const field = link && document.getElementById(link.hash.slice(1));
    if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({block: "center"}); }
  });

  // The language switch keeps what was typed: it stays in this tab until the page shows again, and no longer.
  const SLOT = "schakel-form";
  const skip = new Set(["hidden", "password", "file", "submit"]);
  const fields = () => [...document.querySelectorAll("main input, main select, main textarea")].filter((f) => f.name && !skip.has(f.type));
  document.querySelectorAll("a.lang").forEach((link) => link.addEventListener("click", () => {
    const typed = fields().map((f) => [f.name, f.value, f.type === "checkbox" || f.type === "radio" ? f.checked : null]);
    sessionStorage.setItem(SLOT, JSON.stringify({path: location.pathname, typed}));
  }));
  const kept = sessionStorage.getItem(SLOT);
  sessionStorage.removeItem(SLOT);
  if (kept) {
    const {path, typed} = JSON.parse(kept);
    if (path === location.pathname) fields().forEach((f, i) => {
      const [name, value, checked] = typed[i] || [];
      if (name !== f.name) return;
      if (checked === null) f.value = value; else if (f.value === value) f.checked = checked;
    });
  }

  // The session ends by itself; say so before it does, and let one click keep it.
  const warning = document.getElementById("session-warning");
  if (warning) {
    let timer;
    const wait = () => { clearTimeout(timer); warning.hidden = true; timer = setTimeout(() => { warning.hidden = false; }, warning.dataset.minutes * 60000); };
    warning.querySelector("[data-stay]").addEventListener("click", (event) => {
      event.preventDefault();
      fetch("/sessie", {credentials: "same-origin"}).then((answer) => { if (answer.ok) wait(); else location.reload(); });
    });
    wait();
  }

  document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
  document.querySelectorAll(".without-js").forEach((button) => { button.hidden = true; });
  document.querySelectorAll("[data-submit-on-change]").forEach((field) => field.addEventListener("change", () => field.form.requestSubmit()));
})();
