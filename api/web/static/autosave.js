// A step of a vacancy keeps itself: after every change, and before the page goes. Without script its buttons do.
"use strict";
(() => {
  const form = document.querySelector("form.auto");
  const status = form && form.querySelector("[data-auto-status]");
  if (!form) return;
  let timer, dirty = false, sent = false;
  const say = (key) => { status.textContent = status.dataset[key]; };
  const content = () => {
    const data = new FormData(form);
    data.delete("form_key"); // every save is one of its own
    data.append("auto", "1");
    return data;
  };
  const save = () => {
    dirty = false;
    say("saving");
    fetch(form.action, {method: "POST", body: content(), credentials: "same-origin", redirect: "error"})
      .then((answer) => say(answer.status === 204 ? "saved" : "failed"), () => { dirty = true; say("failed"); });
  };
  form.addEventListener("input", () => { dirty = true; clearTimeout(timer); timer = setTimeout(save, 800); });
  form.addEventListener("change", () => { dirty = true; clearTimeout(timer); timer = setTimeout(save, 150); });
  form.addEventListener("submit", () => { sent = true; clearTimeout(timer); });
  addEventListener("pagehide", () => { if (dirty && !sent) navigator.sendBeacon(form.action, content()); });
})();
