/* 在岗状态: choosing another one shows its fields. Before anything that is filled in goes away the page asks, and until the
   next save 撤销 brings it back. The server draws the fields; this only swaps them in. */
(function () {
  "use strict";

  const PAGE = "[data-section-page]";
  const CHOICE = "input[name=duty_status]";
  let asked = 0;

  function page() {
    return document.querySelector(PAGE);
  }

  function chosen(root) {
    return root.querySelector(CHOICE + ":checked");
  }

  function labelOf(choice) {
    return choice.closest("label").textContent.trim();
  }

  function filled(root) {
    const found = new Map();
    root.querySelectorAll("#section-form .field").forEach(function (field) {
      const control = field.querySelector("input:not([type=hidden]), select, textarea");
      const label = field.querySelector(".form-label, legend");
      if (!control || !control.name || control.type === "radio" || field.hidden || !control.value) return;
      found.set(control.name, label ? label.lastChild.textContent.trim() : "");
    });
    root.querySelectorAll("[data-picture] img").forEach(function (picture) {
      const slot = picture.closest("[data-picture]");
      found.set(slot.id, slot.dataset.picture);
    });
    return found;
  }

  function names(root) {
    const own = Array.from(root.querySelectorAll("#section-form [name]")).map((control) => control.name);
    return new Set(own.concat(Array.from(root.querySelectorAll("[data-picture]")).map((slot) => slot.id)));
  }

  function wake(root) {
    root.querySelectorAll("[data-plain-refresh]").forEach((part) => (part.hidden = true));
    const choice = chosen(root);
    if (choice) root.dataset.status = choice.value;
  }

  function draw(fresh, old) {
    old.replaceWith(fresh);
    wake(fresh);
    if (window.htmx) window.htmx.process(fresh);
    fresh.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: fresh } }));
    const choice = chosen(fresh);
    if (choice) choice.focus({ preventScroll: true });
  }

  function button(words, style, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm " + style;
    made.textContent = words;
    made.addEventListener("click", action);
    return made;
  }

  function note(root, words, ...buttons) {
    const box = document.createElement("div");
    const text = document.createElement("p");
    box.className = "note note-wait ask mt-3";
    box.setAttribute("role", "status");
    text.textContent = words;
    box.append(text, ...buttons);
    const place = root.querySelector("[data-status-question]");
    place.textContent = "";
    place.appendChild(box);
    return box;
  }

  function restore(old, fresh) {
    const before = old.querySelector(CHOICE + "[value='" + old.dataset.status + "']");
    if (before) before.checked = true;
    const place = old.querySelector("[data-status-question]");
    place.textContent = "";
    if (fresh) draw(old, fresh);
    else if (before) before.focus();
  }

  function listed(labels) {
    return labels.length > 4 ? labels.slice(0, 3).join("、") + "等 " + labels.length + " 项" : labels.join("、");
  }

  function change(old, fresh, lost) {
    const label = labelOf(chosen(fresh));
    draw(fresh, old);
    if (!lost.length) return;
    const undo = button("撤销", "btn-plain", () => restore(old, fresh));
    note(fresh, "已改为“" + label + "”，" + listed(lost) + "保存后不再保留。", undo);
  }

  function arrived(old, fresh, mine) {
    if (mine !== asked || !fresh || old !== page()) return;
    const kept = names(fresh);
    const lost = Array.from(filled(old)).filter(([name]) => !kept.has(name)).map(([, label]) => label);
    if (!lost.length) return change(old, fresh, lost);
    const label = labelOf(chosen(old));
    const words = "改为“" + label + "”后，已填写的" + listed(lost) + "将不再保留。要更改吗？";
    const yes = button("确定更改", "btn-outline-primary", () => change(old, fresh, lost));
    note(old, words, yes, button("不改了", "btn-plain", () => restore(old))).scrollIntoView({ block: "nearest" });
    yes.focus({ preventScroll: true });
  }

  function fetchFields(form) {
    const mine = ++asked;
    const old = page();
    const data = new FormData(form);
    data.append("refresh", "duty_status");
    fetch(window.location.pathname, { method: "POST", body: data, credentials: "same-origin" })
      .then((answer) => answer.text())
      .then((html) => arrived(old, new DOMParser().parseFromString(html, "text/html").querySelector(PAGE), mine))
      .catch(() => old.querySelectorAll("[data-plain-refresh]").forEach((part) => (part.hidden = false)));
  }

  document.addEventListener("change", function (event) {
    if (!event.target.matches(CHOICE)) return;
    const place = page().querySelector("[data-status-question]");
    place.textContent = "";
    fetchFields(event.target.form);
  });
  document.addEventListener("htmx:load", () => page() && wake(page()));
  if (page()) wake(page());
})();
