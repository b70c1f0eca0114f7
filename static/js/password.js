/* Password fields: show and hide, the rules ticked off while typing, a hint about caps lock and full-width input. */
(function () {
  "use strict";

  const RULES = {
    length: (text) => { const n = Array.from(text).length; return n >= 8 && n < 20; },
    upper: (text) => /[A-Z]/.test(text),
    lower: (text) => /[a-z]/.test(text),
    digit: (text) => /[0-9]/.test(text),
    sign: (text) => /[!-/:-@[-`{-~]/.test(text),
  };
  const TICK = "M4 10.5l4 4 8-9";

  function startToggle(button) {
    const field = document.getElementById(button.dataset.showPassword);
    if (!field || button.dataset.ready) return;
    button.dataset.ready = "1";
    button.hidden = false;
    button.addEventListener("click", function () {
      const hidden = field.type === "password";
      field.type = hidden ? "text" : "password";
      button.textContent = hidden ? "隐藏密码" : "显示密码";
      button.setAttribute("aria-pressed", String(hidden));
    });
    if (field.form) field.form.addEventListener("submit", () => { field.type = "password"; });
    startHint(field);
  }

  function startHint(field) {
    const hint = document.createElement("p");
    hint.className = "form-text";
    hint.setAttribute("role", "status");
    field.after(hint);
    let capsLock = false;

    function update() {
      const fullWidth = /[\u3000\uff01-\uff5e]/.test(field.value);
      hint.textContent = fullWidth ? "输入法是全角，请切换为半角" : capsLock ? "大写锁定已打开" : "";
      hint.hidden = !hint.textContent;
    }

    field.addEventListener("keyup", function (event) {
      capsLock = Boolean(event.getModifierState && event.getModifierState("CapsLock"));
      update();
    });
    field.addEventListener("input", update);
    field.addEventListener("blur", function () { capsLock = false; update(); });
    update();
  }

  function startRules(list) {
    const field = document.getElementById(list.dataset.rulesOf);
    if (!field || list.dataset.ready) return;
    list.dataset.ready = "1";
    list.querySelectorAll("[data-rule]").forEach(function (item) {
      const said = document.createElement("span");
      said.className = "visually-hidden";
      item.appendChild(said);
      const icon = item.querySelector("svg");
      const drawn = icon.innerHTML;

      field.addEventListener("input", function () {
        const met = RULES[item.dataset.rule](field.value);
        if (met === item.classList.contains("met")) return;
        item.classList.toggle("met", met);
        icon.innerHTML = met ? `<path d="${TICK}"/>` : drawn;
        said.textContent = met ? "（已满足）" : "";
      });
    });
  }

  function startAll(root) {
    root.querySelectorAll("[data-show-password]").forEach(startToggle);
    root.querySelectorAll("[data-rules-of]").forEach(startRules);
  }

  startAll(document);
  document.addEventListener("htmx:load", (event) => startAll(event.detail.elt));
})();
