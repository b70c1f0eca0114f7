/* Error summary: takes the focus when the page opens, marks the title, and leads from each error to its control. */
(function () {
  "use strict";

  function show(root) {
    const summary = root.querySelector("[data-summary]");
    if (!summary || summary.dataset.shown) return;
    summary.dataset.shown = "1";
    if (!document.title.startsWith("错误：")) document.title = "错误：" + document.title;
    summary.focus();
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest("[data-summary] a[href^='#']");
    const control = link && document.getElementById(link.hash.slice(1));
    if (!control) return;
    event.preventDefault();
    // The label should be in sight too, so scroll to the whole field.
    (control.closest(".field") || control).scrollIntoView();
    control.focus({ preventScroll: true });
  });

  // What the server said about a field is over once the field is changed; the next answer judges anew.
  function settle(event) {
    const box = event.target.closest && event.target.closest(".field.is-bad, .is-bad");
    if (!box || box.querySelector("[data-live-error]")) return;
    box.classList.remove("is-bad");
    box.querySelectorAll(":scope > .invalid-feedback").forEach((line) => { line.hidden = true; });
    box.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
    const summary = document.querySelector("[data-summary]");
    if (!summary) return;
    box.querySelectorAll("[id]").forEach(function (control) {
      summary.querySelectorAll("a[href='#" + control.id + "']").forEach((link) => link.closest("li").remove());
    });
    if (!summary.querySelector("li")) summary.hidden = true;
  }

  document.addEventListener("change", settle);

  show(document);
  document.addEventListener("htmx:load", (event) => show(event.detail.elt));
})();
