/* Hides a field while another answer of the same form makes it superfluous (data-unless="name values") or until one asks for
   it (data-only). What stays typed in a hidden field is dropped by the server. */
(function () {
  "use strict";

  function governs(control) {
    const rule = (control.dataset.unless || control.dataset.only).split(" ");
    const prefix = control.name.slice(0, control.name.lastIndexOf("-") + 1);
    return { other: prefix + rule[0], values: rule.slice(1) };
  }

  function settle(control) {
    const rule = governs(control);
    const other = control.form && control.form.elements[rule.other];
    const field = control.closest(".field");
    if (!other || !field) return;
    const listed = rule.values.includes(other.value);
    field.hidden = control.dataset.unless ? listed : !listed;
    const line = field.closest(".row-2");
    if (line) line.hidden = Array.from(line.children).every((one) => one.hidden);
  }

  function wake(root) {
    root.querySelectorAll("[data-unless], [data-only]").forEach(settle);
  }

  document.addEventListener("change", function (event) {
    if (event.target.form) wake(event.target.form);
  });
  document.addEventListener("htmx:load", (event) => wake(event.detail.elt));
  wake(document);
})();
