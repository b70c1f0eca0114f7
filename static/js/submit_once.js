/* A double click sends a form once: after the first submit its buttons rest and the pressed one says 「正在提交…」.
   Coming back to the page wakes them. Forms that open elsewhere (target, data-many) are left alone. */
(function () {
  "use strict";

  const resting = new Map();

  function rest(form, pressed) {
    // Buttons may also stand elsewhere on the page and name the form.
    Array.from(form.elements).forEach(function (button) {
      if (button.tagName !== "BUTTON" || button.type !== "submit" || button.disabled) return;
      resting.set(button, button.innerHTML);
      button.disabled = true;
      if (button !== pressed) return;
      button.setAttribute("aria-busy", "true");
      button.textContent = button.dataset.busy || "正在提交…";
    });
  }

  function wake() {
    resting.forEach(function (content, button) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
      if (button.innerHTML !== content) button.innerHTML = content;
    });
    resting.clear();
    document.querySelectorAll("form[data-sent]").forEach((form) => form.removeAttribute("data-sent"));
  }

  document.addEventListener("submit", function (event) {
    const form = event.target;
    // getAttribute, since a control named "method" or "target" would hide the form's own property
    if ((form.getAttribute("method") || "").toLowerCase() !== "post") return;
    if (["target", "data-many", "hx-post"].some((name) => form.hasAttribute(name))) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented) return;
    form.dataset.sent = "1";
    const pressed = event.submitter || form.querySelector("button[type=submit], button:not([type])");
    // Afterwards, since a disabled button would not be sent along.
    setTimeout(() => rest(form, pressed), 0);
  });

  window.addEventListener("pageshow", wake);
})();
