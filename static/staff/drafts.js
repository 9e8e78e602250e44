// Keeps what is typed to an author, sealed to its writer alone; without this script a button does the same.
(() => {
  "use strict";

  const AFTER_TYPING = 10000;
  const AGAIN_AFTER = [5000, 10000, 20000, 30000];

  const keepDrafts = (form) => {
    const text = form.querySelector("textarea");
    const stamp = form.querySelector("[name=stamp]");
    const state = form.querySelector(".draft-state");
    let kept = form.dataset.kept ? text.defaultValue : "";
    let waiting = 0;
    let failures = 0;
    let sending = false;
    let running = null;

    const say = (words, loud) => {
      state.hidden = false;
      state.classList.toggle("draft-lost", Boolean(loud));
      if (state.textContent !== words) state.textContent = words;
    };
    const later = (milliseconds) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => keep(), milliseconds);
    };
    const failed = (words) => {
      say(words, true);
      later(AGAIN_AFTER[Math.min(failures, AGAIN_AFTER.length - 1)]);
      failures += 1;
    };
    const keep = async (leaving) => {
      clearTimeout(waiting);
      waiting = 0;
      if (sending || text.value === kept) return;
      if (running && !leaving) return later(AFTER_TYPING);
      const words = text.value;
      const body = new FormData(form);
      // A way out: what is written on a page that closes is sent all the same.
      running = fetch(form.dataset.keep, {
        method: "POST",
        headers: { Accept: "application/json" },
        body,
        redirect: "manual",
        keepalive: Boolean(leaving),
      }).catch(() => null);
      const answer = await running;
      running = null;
      if (sending) return;
      if (!answer || answer.status >= 500) return failed(form.dataset.offline);
      if (answer.type === "opaqueredirect") return failed(form.dataset.signedOut);
      const told = await answer.json().catch(() => null);
      if (!answer.ok || !told) {
        kept = words; // Trying again would be answered in the same way; new words are tried anew.
        return say(told ? told.said : form.dataset.refused, true);
      }
      failures = 0;
      kept = words;
      stamp.value = told.stamp;
      say(told.said);
      if (text.value !== kept) later(AFTER_TYPING);
    };

    text.addEventListener("input", () => {
      if (text.value === kept) return;
      if (!waiting) later(AFTER_TYPING);
      if (!state.classList.contains("draft-lost")) say(form.dataset.typing);
    });
    for (const choice of form.querySelectorAll("input[type=radio]")) {
      choice.addEventListener("change", () => {
        if (text.value.trim() === "") return;
        kept = null;
        later(AFTER_TYPING);
      });
    }
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") keep(true);
    });
    window.addEventListener("pagehide", () => keep(true));
    window.addEventListener("online", () => keep());
    window.addEventListener("offline", () => {
      if (text.value !== kept) failed(form.dataset.offline);
    });
    form.addEventListener("submit", (event) => {
      if (navigator.onLine === false) {
        event.preventDefault();
        say(form.dataset.notSent, true);
        return;
      }
      sending = true;
      clearTimeout(waiting);
    });
    // Back from the page that sending led to: the browser may show this one as it was.
    window.addEventListener("pageshow", () => {
      sending = false;
    });

    if (text.value !== kept) later(AFTER_TYPING);

    const chooser = form.querySelector("[name=first_answer]");
    const put = form.querySelector("button[value=first_answer]");
    if (chooser && put) {
      put.addEventListener("click", (event) => {
        event.preventDefault();
        const words = chooser.selectedOptions[0].dataset.text;
        if (!words) return;
        const before = text.value.trim();
        text.value = before ? `${before}\n\n${words}` : words;
        text.dispatchEvent(new Event("input", { bubbles: true }));
        text.focus();
      });
    }
  };

  for (const form of document.querySelectorAll("form[data-keep]")) keepDrafts(form);
})();
