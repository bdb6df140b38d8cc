// "Lees voor": the browser's own voice reads the page; where there is none the button stays away.
"use strict";
(() => {
  const button = document.querySelector("[data-read]");
  const text = document.querySelector("[data-readable]");
  if (!button || !text || !("speechSynthesis" in window)) return;
  const words = button.textContent;
  const ready = () => { button.textContent = words; };
  button.hidden = false;
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) { speechSynthesis.cancel(); ready(); return; }
    // A pause after every block: headings and list items carry no full stop of their own.
    const parts = [...text.querySelectorAll("h1, h2, h3, p, li, dt, dd:not(:has(ul))")].filter((part) => !part.closest("form, .no-print, li li"));
    parts.map((part) => part.innerText.trim()).filter(Boolean).forEach((said, i, all) => {
      const one = new SpeechSynthesisUtterance(said);
      one.lang = document.documentElement.lang === "nl" ? "nl-NL" : "en-GB";
      one.rate = .9;
      if (i === all.length - 1) one.onend = ready;
      speechSynthesis.speak(one);
    });
    button.textContent = button.dataset.stop;
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
})();
