// At a computer that everybody uses: nothing stays on the screen when its author has gone.
// Nothing is stored here; without this script the page leads back to its beginning by itself, only later.
(() => {
  "use strict";

  const asks = document.querySelector("[data-kiosk]");
  if (!asks) return;
  const { start } = asks.dataset;
  const idle = Number(asks.dataset.idle) * 1000;
  const warned = Number(asks.dataset.warned) * 1000;
  const anew = Number(asks.dataset.anew) * 1000;
  const code = document.querySelector(".code");
  const left = asks.querySelector(".kiosk-left");
  const typed = () => document.querySelectorAll("input:not([type=hidden]), textarea, select");
  const opened = Date.now();
  let touched = opened;
  let going = false;

  const empty = () => {
    typed().forEach((field) => {
      if (field.type === "checkbox" || field.type === "radio") field.checked = false;
      else field.value = "";
    });
    if (code) code.textContent = "";
  };
  const clear = () => {
    if (going) return;
    going = true;
    empty();
    document.body.hidden = true;
    location.replace(start);
  };
  // «No» to the name stands there from the beginning.
  const isFilled = (field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked && !(field.name === "signed" && field.value === "no") : Boolean(field.value);
  const isEmpty = () => !code && !Array.from(typed()).some(isFilled);

  const stay = () => {
    touched = Date.now();
    asks.hidden = true;
  };
  // By the clock, not by counting: a computer that slept wakes up late.
  const look = () => {
    const rest = touched + idle - Date.now();
    if (isEmpty()) {
      asks.hidden = true;
      if (rest <= 0 && (location.pathname !== start || Date.now() - opened > anew)) clear();
      return;
    }
    if (rest <= 0) clear();
    else if (rest <= warned) {
      asks.hidden = false;
      left.textContent = Math.ceil(rest / 1000);
    }
  };
  setInterval(look, 500);
  // A code is not kept on the screen by somebody passing by: only by who types it, or says so.
  const signs = code ? ["input"] : ["input", "keydown", "pointerdown", "pointermove", "wheel", "touchstart", "scroll"];
  // While it asks, a moving hand does not take it away: the click that follows would meet what lies beneath.
  const here = (event) => {
    if (asks.hidden || event.type === "keydown" || event.type === "input") stay();
  };
  signs.forEach((sign) => document.addEventListener(sign, here, { capture: true, passive: true }));
  asks.addEventListener("click", stay);

  document.querySelectorAll("[data-clear]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      clear();
    });
  });
  // A browser may keep the page as it was left, for its back button.
  addEventListener("pagehide", empty);
  addEventListener("pageshow", (event) => {
    if (event.persisted) clear();
  });

  const full = document.querySelector("[data-full-screen]");
  if (full && document.fullscreenEnabled) {
    const offer = () => {
      full.hidden = Boolean(document.fullscreenElement);
    };
    full.addEventListener("click", () => document.documentElement.requestFullscreen());
    document.addEventListener("fullscreenchange", offer);
    offer();
  }
})();
