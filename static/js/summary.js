/* Error summary: takes the focus when the page opens, marks the title, and leads from each error to its control. */
(function () {
  "use strict";

  function show(root) {
    const summary = root.querySelector("[data-summary]");
    if (!summary || summary.dataset.shown) return;
    summary.dataset.shown = "1";
    if (summary.dataset.summary !== "odd" && !document.title.startsWith("错误：")) document.title = "错误：" + document.title;
    summary.focus();
  }

  function firstControl(field) {
    return field.querySelector("input:not([type=hidden]), select:not([disabled]), textarea");
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest("[data-summary] a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    // The label should be in sight too, so scroll to the whole field.
    (target.closest(".field") || target).scrollIntoView();
    (target.matches(".field") && firstControl(target) || target).focus({ preventScroll: true });
  });

  // What the server said about a field is over once the field is changed; the next answer judges anew.
  function settle(event) {
    const box = event.target.closest && event.target.closest(".field.is-bad, .is-bad");
    if (!box || box.querySelector("[data-live-error]")) return;
    box.classList.remove("is-bad");
    box.querySelectorAll(":scope > .invalid-feedback").forEach((line) => { line.hidden = true; });
    box.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
    strike(Array.from(box.querySelectorAll("[id]")));
  }

  /* Takes what was mended off the summary, and counts the rest. */
  function strike(nodes) {
    const summary = document.querySelector("[data-summary]");
    if (!summary) return;
    nodes.forEach(function (node) {
      summary.querySelectorAll("a[href='#" + node.id + "']").forEach((link) => link.closest("li").remove());
    });
    const left = summary.querySelectorAll("li").length;
    const words = summary.querySelector("h2").lastChild;
    words.textContent = words.textContent.replace(/^有 \d+ 处/, "有 " + left + " 处");
    if (!left && summary.querySelector("ul")) summary.hidden = true;
  }

  // Pressing a button leaves the field first: nothing may move under the finger until it is up again.
  let pressing = false;
  ["pointerdown", "pointerup", "pointercancel"].forEach(function (name) {
    document.addEventListener(name, () => (pressing = name === "pointerdown"), true);
  });
  document.addEventListener("change", function (event) {
    if (!pressing) return settle(event);
    document.addEventListener("pointerup", () => setTimeout(() => settle(event), 0), { once: true });
  });

  // A picture that has arrived is no longer missing.
  document.addEventListener("picture:state", function (event) {
    if (event.target.matches("[hx-get]") || event.target.querySelector(".frame img")) strike([event.target]);
  });

  // From the check page to one field: the focus belongs into it, after the browser has gone to the field itself.
  const place = location.hash.endsWith("_field") && document.getElementById(location.hash.slice(1));
  const first = place && firstControl(place);
  if (first) window.addEventListener("load", () => setTimeout(() => first.focus({ preventScroll: true }), 0));
  show(document);
  document.addEventListener("htmx:load", (event) => show(event.detail.elt));
})();
