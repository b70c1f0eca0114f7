/* A button that copies the value of another control; without a script there is none, and the text can be selected. */
(function () {
  "use strict";
  document.querySelectorAll("[data-copy-value]").forEach(function (button) {
    const source = document.getElementById(button.dataset.copyValue);
    if (!source) { return; }
    const words = button.textContent;
    let timer = 0;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      source.select();
      const copied = navigator.clipboard ? navigator.clipboard.writeText(source.value) : Promise.resolve(document.execCommand("copy"));
      copied.catch(() => document.execCommand("copy")).then(function () {
        button.textContent = button.dataset.copied;
        clearTimeout(timer);
        timer = setTimeout(() => { button.textContent = words; }, 2000);
      });
    });
  });
})();
