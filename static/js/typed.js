/* What was typed into a long form survives a log-in that ended: kept in this tab alone (sessionStorage), given back once
   after the next log-in of the same person, forgotten when the page was saved and at 退出. Never numbers of documents or
   phones, passwords, codes, addresses. */
(function () {
  "use strict";

  const PREFIX = "typed:", NEVER = /document|phone|password|confirmation|current|sms_code|address|csrf|version/;
  const box = document.querySelector("[data-session-person]");
  let form = document.getElementById("section-form");
  const key = PREFIX + location.pathname;
  let store;
  try { store = window.sessionStorage; store.getItem(key); } catch (error) { return; }

  function keys() {
    return Object.keys(store).filter((name) => name.startsWith(PREFIX));
  }

  function read(name) {
    try { return JSON.parse(store.getItem(name)) || null; } catch (error) { return null; }
  }

  function forget() {
    keys().forEach((name) => store.removeItem(name));
  }

  function kept(field) {
    return field.name && !NEVER.test(field.name) && (field.tagName === "TEXTAREA" || field.tagName === "SELECT" ||
      ["text", "email", "tel", "number", "month", "date"].includes(field.type));
  }

  function note() {
    const values = {};
    Array.from(form.elements).filter(kept).forEach((field) => { values[field.name] = field.value; });
    store.setItem(key, JSON.stringify({ person: box.dataset.sessionPerson, values: values }));
  }

  function give_back(values) {
    Array.from(form.elements).filter(kept).forEach(function (field) {
      if (!(field.name in values) || field.value === values[field.name]) return;
      field.value = values[field.name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const words = document.createElement("p");
    words.className = "form-text";
    words.setAttribute("role", "status");
    words.textContent = "已恢复您登录超时前填写的文字，请检查后再提交。";
    form.prepend(words);
  }

  document.addEventListener("submit", function (event) {
    if (event.target.matches("form[action$='/logout/']")) forget();
  });

  if (!box) {
    // The log-in page: what is there was not saved. Elsewhere visitors have nothing to keep.
    if (!location.pathname.endsWith("/login/")) return;
    keys().forEach(function (name) {
      const was = read(name);
      if (was) store.setItem(name, JSON.stringify(Object.assign(was, { lost: true })));
    });
    return;
  }
  const was = read(key);
  const mine = was && was.lost && was.person === box.dataset.sessionPerson;
  keys().forEach(function (name) {
    const other = read(name);
    if (name === key || !other || !other.lost || other.person !== box.dataset.sessionPerson) store.removeItem(name);
  });
  if (form && mine) give_back(was.values);
  document.addEventListener("input", function (event) {
    // The form is another one after in_place.js drew the page anew.
    form = event.target.form;
    if (form && form.id === "section-form") note();
  });
})();
