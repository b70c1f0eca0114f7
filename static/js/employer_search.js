/* 工作单位: two characters find employers by name, pinyin initials or 统一社会信用代码; choosing one fills in the rest and marks it
   已自动填充. A whole code typed by hand fills in what is still empty. Nothing found is no obstacle: what was typed counts. */
(function () {
  "use strict";

  const CODE_LENGTH = 18;
  // Their names in the answer -> in the form.
  const FIELDS = {
    credit_code: "credit_code",
    industry: "industry",
    economic_type: "economic_type",
    address: "employer_address",
    phone: "employer_phone",
  };

  function search(form, text) {
    const url = form.dataset.employers + "?q=" + encodeURIComponent(text);
    return fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : { employers: [] }))
      .then((found) => found.employers)
      .catch(() => []);
  }

  function mark(control) {
    const line = control.closest(".field").querySelector(".field-line");
    if (!line || line.querySelector(".auto")) return;
    const words = document.createElement("span");
    words.className = "auto";
    words.textContent = "✓ 已自动填充";
    line.appendChild(words);
  }

  function unmark(control) {
    const field = control.closest(".field");
    const words = field && field.querySelector(".auto");
    if (words) words.remove();
  }

  function fill(form, employer, everything) {
    Object.entries(FIELDS).forEach(function ([theirs, ours]) {
      const control = form.elements[ours];
      if (!control || !employer[theirs] || (control.value && !everything)) return;
      if (control.value === employer[theirs]) return;
      control.value = employer[theirs];
      mark(control);
    });
  }

  function codeTyped(input) {
    const code = input.value.replace(/\s/g, "").toUpperCase();
    if (code.length !== CODE_LENGTH) return;
    search(input.form, code).then(function (employers) {
      const found = employers.find((employer) => employer.credit_code === code);
      if (!found) return;
      const name = input.form.elements.employer_name;
      if (name && !name.value) {
        name.value = found.name;
        mark(name);
      }
      fill(input.form, found, false);
    });
  }

  function wake(root) {
    const input = root.querySelector("form[data-employers] [name=employer_name]");
    if (!input) return;
    window.attachHits(input, {
      label: "找到的单位",
      more: "找不到？直接填写",
      none: "没有找到，请直接填写单位全称",
      search: (text) => search(input.form, text),
      draw: (employer) => [employer.name, employer.credit_code],
      choose: function (employer) {
        input.value = employer.name;
        fill(input.form, employer, true);
      },
    });
  }

  document.addEventListener("input", function (event) {
    if (event.target.form && event.target.form.dataset.employers) unmark(event.target);
  });
  document.addEventListener("change", function (event) {
    if (event.target.name === "credit_code" && event.target.form.dataset.employers) codeTyped(event.target);
  });
  document.addEventListener("htmx:load", (event) => wake(event.detail.elt));
  wake(document);
})();
