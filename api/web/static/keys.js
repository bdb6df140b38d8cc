// Keys of the card. They work only while the focus is in the card, never in a field, and not when they are switched off.
"use strict";
(() => {
  const card = document.getElementById("kaart");
  if (!card || card.dataset.keys !== "on") return;
  const typing = (element) => element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=hidden])");
  const details = (key) => [...card.querySelectorAll(`details[data-open="${key}"]`)];

  card.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const reject = card.querySelector("details.reject");
    if (/^[1-8]$/.test(key) && reject && reject.open) {
      const choice = reject.querySelector(`[data-reason="${key}"]`);
      if (choice) { choice.checked = true; choice.focus(); event.preventDefault(); }
      return;
    }
    if (key === "r" && reject) {
      reject.open = true;
      const first = reject.querySelector("input[type=radio]:checked") || reject.querySelector("input[type=radio]");
      first.focus();
      event.preventDefault();
      return;
    }
    if (key === "e" || key === "?") {
      const found = details(key);
      const open = !found.every((one) => one.open);
      found.forEach((one) => { one.open = open; });
      event.preventDefault();
      return;
    }
    if (key === "/") { location.assign("/zoeken"); event.preventDefault(); return; }
    const target = card.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (target) { event.preventDefault(); target.click(); }
  });
})();
