/* 从事会计工作年限: proposed from 开始从事会计工作时间 and left alone once somebody typed another figure. */
(function () {
  "use strict";

  function monthOf(text) {
    const found = text.replace(/\s/g, "").match(/^(\d{4})(?:[-/.年]?(\d{1,2}))?/);
    if (!found) return null;
    return { year: Number(found[1]), month: Number(found[2] || 1) };
  }

  function yearsSince(start) {
    const now = new Date();
    return now.getFullYear() - start.year - (now.getMonth() + 1 < start.month ? 1 : 0);
  }

  function propose(form) {
    const since = form.elements.accounting_since;
    const years = form.elements.accounting_years;
    const start = since && since.value && monthOf(since.value);
    if (!years || !start) return;
    const expected = yearsSince(start);
    if (expected < 0 || expected > 70) return;
    if (!years.value || years.value === years.dataset.proposed) {
      years.value = expected;
      years.dataset.proposed = String(expected);
      // Whoever is just going into the field types over the proposal, not behind it.
      setTimeout(() => document.activeElement === years && years.select(), 0);
    }
    say(years, expected);
  }

  function say(years, expected) {
    const hint = document.getElementById(years.id + "_helptext");
    const apart = Math.abs(Number(years.value) - expected) > 1;
    if (!hint) return;
    hint.textContent = apart
      ? "按开始时间推算约为 " + expected + " 年，与填写的不同。中间有间断的可以不改。"
      : "按开始时间推算为 " + expected + " 年，可以修改";
  }

  document.addEventListener("change", function (event) {
    if (["accounting_since", "accounting_years"].includes(event.target.name)) propose(event.target.form);
  });
})();
