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

  // What makes a password weak is fetched once; the password itself is judged here and sent nowhere.
  let rules = null;

  function fetchRules(field) {
    if (rules || !field.dataset.passwordRules) return;
    fetch(field.dataset.passwordRules)
      .then((answer) => answer.json())
      .then(function (found) {
        rules = Object.assign(found, { common_ones: new RegExp("^(?:" + found.pattern + ")$") });
        if (document.activeElement !== field) show(field, problem(field));
      })
      .catch(function () { /* the server says it after 注册 */ });
  }

  function tellingParts(field) {
    const own = Array.from(field.form.querySelectorAll("[name='document_number'], [name='phone']"));
    return own.map((each) => tidy(each.value).toLowerCase()).filter((text) => text.length >= rules.tail).flatMap(function (text) {
      const parts = [text.slice(-rules.tail)];
      for (let start = 0; start + rules.run <= text.length; start += 1) parts.push(text.slice(start, start + rules.run));
      return parts;
    });
  }

  function weakness(field) {
    const typed = field.value;
    if (!rules || !typed) return "";
    const classes = [/[A-Z]/, /[a-z]/, /[0-9]/, /[!-/:-@[-`{-~]/];
    if (!/^[!-~]{8,19}$/.test(typed) || classes.some((each) => !each.test(typed))) return rules.rule;
    const folded = typed.toLowerCase();
    const isWeak = [...rules.words, ...tellingParts(field)].some((part) => folded.includes(part));
    return isWeak || rules.common_ones.test(folded) ? rules.common : "";
  }

  function problem(field) {
    if (field.dataset.passwordRules) return weakness(field);
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

  document.querySelectorAll("[data-check], [data-same-as], [data-password-rules]").forEach(function (field) {
    field.addEventListener("focus", () => fetchRules(field));
    field.addEventListener("blur", () => show(field, problem(field)));
    field.addEventListener("input", () => { if (!problem(field)) show(field, ""); });
  });
})();
