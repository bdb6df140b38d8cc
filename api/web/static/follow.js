// A run that goes on is followed: the progress is fetched anew every few seconds, and the page once it has ended.
"use strict";
(() => {
  const shown = document.querySelector("[data-follow]");
  if (!shown) return;
  const look = () => fetch(location.href, {headers: {Accept: "text/html"}, credentials: "same-origin"})
    .then((answer) => answer.text())
    .then((text) => {
      const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-follow]");
      if (!fresh) { location.reload(); return; }
      if (fresh.innerHTML !== shown.innerHTML) shown.replaceChildren(...fresh.childNodes);
      setTimeout(look, 2500);
    })
    .catch(() => setTimeout(look, 10000));
  setTimeout(look, 2500);
})();
