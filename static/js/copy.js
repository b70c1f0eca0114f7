/* A button on each [data-copy] that copies its code; where the browser keeps the clipboard from us it selects the text. */
(function () {
  "use strict";

  function select(code) {
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function said(button, words) {
    button.textContent = words;
    window.setTimeout(() => { button.textContent = "复制"; }, 2000);
  }

  document.querySelectorAll("[data-copy]").forEach(function (frame) {
    const code = frame.querySelector("code");
    const line = document.createElement("div");
    const button = document.createElement("button");
    line.className = "copy";
    button.type = "button";
    button.className = "btn btn-plain btn-sm";
    button.textContent = "复制";
    line.append(button);
    frame.prepend(line);
    button.addEventListener("click", function () {
      const copied = navigator.clipboard ? navigator.clipboard.writeText(code.textContent) : Promise.reject();
      copied.then(() => said(button, "已复制"), () => { select(code); said(button, "已选中，请按 Ctrl-C"); });
    });
  });
})();
