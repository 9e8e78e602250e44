// Three ways to keep the code, where a browser can; without them the page says how to do it by hand.
// Nothing is stored here, and nothing leaves the page but by the hand of whoever pressed the button.
(() => {
  "use strict";

  const keep = document.querySelector("[data-keep]");
  const code = document.querySelector(".code");
  if (!keep || !code) return;
  const text = code.textContent.trim();
  const done = keep.querySelector(".done");
  const say = (what) => {
    done.textContent = done.dataset[what];
  };

  const select = () => {
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  const copyTheOldWay = () => {
    select();
    if (document.execCommand("copy")) say("copied");
  };
  keep.querySelector("[data-copy]").addEventListener("click", () => {
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => say("copied"), copyTheOldWay);
    else copyTheOldWay();
  });

  const lines = (pen, words, width) => {
    const found = [""];
    words.split(" ").forEach((word) => {
      const longer = `${found[found.length - 1]} ${word}`.trim();
      if (pen.measureText(longer).width > width) found.push(word);
      else found[found.length - 1] = longer;
    });
    return found;
  };
  const draw = () => {
    const canvas = document.createElement("canvas");
    canvas.width = 1000;
    canvas.height = 520;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#1d2b33";
    pen.textAlign = "center";
    pen.font = "bold 120px 'DejaVu Sans Mono', Menlo, Consolas, monospace";
    pen.fillText(text.slice(0, 9), 500, 170);
    pen.fillText(text.slice(10), 500, 320);
    pen.font = "40px system-ui, Roboto, 'Noto Sans', sans-serif";
    lines(pen, keep.dataset.pictureWords, 900).forEach((line, place) => pen.fillText(line, 500, 420 + place * 52));
    return canvas;
  };
  keep.querySelector("[data-picture]").addEventListener("click", () => {
    draw().toBlob((picture) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(picture);
      link.download = "note.png";
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      say("saved");
    }, "image/png");
  });

  keep.querySelector("[data-print]").addEventListener("click", () => print());
  keep.hidden = false;
})();
