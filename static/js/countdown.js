/* 「60 秒后重新获取」 on a button with data-countdown-until and data-countdown-now, both in the server's seconds:
   the difference counts, so a reload or a wrong clock of the phone changes nothing. */
(function () {
  "use strict";

  function start(button) {
    if (button.dataset.ready) return;
    button.dataset.ready = "1";
    const seconds = Number(button.dataset.countdownUntil) - Number(button.dataset.countdownNow || 0);
    if (!(seconds > 0)) return;
    const label = button.dataset.countdownLabel || button.textContent.trim();
    const end = performance.now() + seconds * 1000;
    button.disabled = true;

    function tick() {
      const left = Math.ceil((end - performance.now()) / 1000);
      if (left <= 0) {
        button.disabled = false;
        button.textContent = label;
        button.dispatchEvent(new CustomEvent("countdown:end", { bubbles: true }));
        return;
      }
      button.textContent = `${left} 秒后重新获取`;
      setTimeout(tick, 250);
    }
    tick();
  }

  function startAll(root) {
    if (root.matches && root.matches("[data-countdown-until]")) start(root);
    root.querySelectorAll("[data-countdown-until]").forEach(start);
  }

  startAll(document);
  document.addEventListener("htmx:load", (event) => startAll(event.detail.elt));
})();
