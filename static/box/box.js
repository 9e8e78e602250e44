// Only adds to pages that work without it: counts characters, and leaves the page quickly.
(() => {
  "use strict";

  const counter = document.querySelector("[data-counts]");
  if (counter) {
    const text = document.getElementById(counter.dataset.counts);
    let later;
    const say = () => {
      const count = Array.from(text.value).length;
      counter.textContent = counter.dataset.words.replace("{count}", count.toLocaleString(document.documentElement.lang));
      counter.classList.toggle("over", count > 10000);
    };
    counter.hidden = false;
    say();
    // A screen reader hears it when the hands rest, not at each key.
    text.addEventListener("input", () => {
      clearTimeout(later);
      later = setTimeout(say, 600);
    });
  }

  const leave = document.querySelector("[data-leave]");
  const go = () => {
    document.body.hidden = true;
    document.title = "";
    location.replace(leave.href);
  };
  if (leave) {
    leave.addEventListener("click", (event) => {
      event.preventDefault();
      go();
    });
    let pressed = [];
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      const now = Date.now();
      pressed = [...pressed.filter((moment) => now - moment < 2000), now];
      if (pressed.length === 3) go();
    });
  }
})();
