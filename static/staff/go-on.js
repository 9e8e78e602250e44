// Work in steps goes on by itself; without this script its button does the same.
(() => {
  "use strict";

  const form = document.querySelector("form[data-go-on]");
  if (form) {
    setTimeout(() => form.requestSubmit(), Number(form.dataset.goOn) * 1000);
  }
})();
