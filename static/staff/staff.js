// Only adds to pages that work without it: a warning before the session ends, printing and copying.
(() => {
  "use strict";

  const WARNING = 120;
  const BETWEEN_STAYS = 240;

  const watchSession = (box) => {
    const length = Number(box.dataset.seconds);
    const button = box.querySelector("button");
    const token = box.querySelector("[name=csrfmiddlewaretoken]").value;
    // Several tabs are one session: what is done in one keeps the others open.
    const tabs = "BroadcastChannel" in window ? new BroadcastChannel("trustbox-session") : null;
    let ends = Date.now() + length * 1000;
    let stayed = Date.now();

    const longer = () => {
      ends = Date.now() + length * 1000;
      stayed = Date.now();
      box.hidden = true;
    };
    const stay = async () => {
      stayed = Date.now();
      const answer = await fetch(box.dataset.stay, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        redirect: "manual",
      }).catch(() => null);
      if (answer && answer.status === 204) {
        longer();
        if (tabs) tabs.postMessage("stayed");
      }
    };
    const leave = () => {
      document.body.hidden = true;
      location.replace(box.dataset.leave);
    };

    if (button) {
      button.addEventListener("click", stay);
      if (tabs) {
        tabs.addEventListener("message", longer);
        tabs.postMessage("stayed");
      }
      // Whoever writes is not away, though no page is asked for.
      document.addEventListener("input", () => {
        if (Date.now() - stayed > BETWEEN_STAYS * 1000) stay();
      });
    }
    // By the clock, not by counting: a computer that slept wakes up late.
    setInterval(() => {
      const left = (ends - Date.now()) / 1000;
      if (left <= 0) leave();
      else if (left <= WARNING && box.hidden) {
        box.hidden = false;
        if (button) button.focus();
      }
    }, 1000);
  };

  const box = document.querySelector(".session-end");
  if (box) watchSession(box);

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.copied;
    });
  }
})();
