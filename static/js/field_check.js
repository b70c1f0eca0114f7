/* Says what is wrong with an answer when its field is left, never while typing and never before; the server has the
   last word. Fields name their check by data-check. */
(function () {
  "use strict";

  const CHECKS = {
    name: [/^.{2,30}$/u, "姓名应为 2 至 30 个字"],
    phone: [/^(\+?86|0086)?-?1[3-9]\d{9}$/, "手机号码应为 11 位数字"],
    sms_code: [/^\d{6}$/, "请填写短信中的 6 位数字验证码"],
  };

  function tidy(text) {
    return text.normalize("NFKC").replace(/\s/g, "");
  }

  function problem(field) {
    const same = field.dataset.sameAs && document.getElementById(field.dataset.sameAs);
    if (same) return field.value && same.value && field.value !== same.value ? "两次输入的密码不一致，请重新输入" : "";
    const check = CHECKS[field.dataset.check];
    const value = tidy(field.value);
    return check && value && !check[0].test(value) ? check[1] : "";
  }

  function show(field, words) {
    const box = field.closest(".field");
    let line = box.querySelector("[data-live-error]");
    if (line && !words) {
      line.remove();
      if (!box.querySelector(".invalid-feedback")) box.classList.remove("is-bad");
      field.removeAttribute("aria-invalid");
      return;
    }
    if (!words || (!line && box.classList.contains("is-bad"))) return; // what the server said stays until it is asked again
    if (!line) {
      line = document.createElement("p");
      line.className = "invalid-feedback";
      line.dataset.liveError = "1";
      line.setAttribute("role", "status");
      (field.closest(".pair") || field).before(line);
    }
    line.textContent = words;
    box.classList.add("is-bad");
    field.setAttribute("aria-invalid", "true");
  }

  document.querySelectorAll("[data-check], [data-same-as]").forEach(function (field) {
    field.addEventListener("blur", () => show(field, problem(field)));
    field.addEventListener("input", () => { if (!problem(field)) show(field, ""); });
  });
})();
