/* Live counters 3/30 beside the label, in code points as the server counts. Nothing is cut; 已超出 2 字 says so instead. */
(function () {
  "use strict";

  const PAUSE = 2000; // a reader that speaks hears the count after a pause, not at every key

  function start(counter) {
    const field = document.getElementById(counter.dataset.countOf);
    const limit = field && parseInt(field.dataset.counter, 10);
    if (!limit || counter.dataset.ready) return;
    counter.dataset.ready = "1";

    const spoken = document.createElement("span");
    spoken.className = "visually-hidden";
    spoken.setAttribute("role", "status");
    counter.after(spoken);
    let timer;

    function update() {
      const length = Array.from(field.value.trim()).length;
      const over = length - limit;
      counter.textContent = over > 0 ? `已超出 ${over} 字` : `${length}/${limit}`;
      counter.classList.toggle("is-over", over > 0);
      return over > 0 ? `已超出 ${over} 字` : `还可输入 ${-over} 字`;
    }

    field.addEventListener("input", function () {
      const words = update();
      clearTimeout(timer);
      timer = setTimeout(() => { spoken.textContent = words; }, PAUSE);
    });
    update();
  }

  function startAll(root) {
    root.querySelectorAll("[data-count-of]").forEach(start);
  }

  startAll(document);
  document.addEventListener("htmx:load", (event) => startAll(event.detail.elt));
})();
