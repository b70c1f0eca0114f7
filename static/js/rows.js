/* Repeated answers without a reload: 新增 puts the focus into the new row; 删除 asks when something is in it, and for ten
   seconds 撤销 brings it back. */
(function () {
  "use strict";

  const UNDO_MS = 10000;

  function rowsOf(list) {
    return Array.from(list.querySelectorAll("[data-row]"));
  }

  function refresh(list) {
    const rows = rowsOf(list);
    rows.forEach(function (row, index) {
      row.querySelector("[data-row-title]").textContent = list.dataset.title + " " + (index + 1);
    });
    list.querySelector("[data-rows-empty]").hidden = rows.length > 0;
    list.querySelector("[data-rows-add]").hidden = rows.length >= Number(list.dataset.maximum);
  }

  function tell(list, words) {
    list.querySelector("[data-rows-news]").textContent = words;
  }

  function controlsOf(row) {
    return Array.from(row.querySelectorAll("input:not([type=hidden]), select, textarea"));
  }

  function add(list) {
    const indexes = rowsOf(list).map((row) => Number(row.dataset.row));
    const next = Math.max(Number(list.dataset.next || 0), ...indexes.map((index) => index + 1));
    list.dataset.next = next + 1;
    const html = list.querySelector("[data-rows-template]").innerHTML.replace(/__index__/g, next);
    list.querySelector("[data-rows-list]").insertAdjacentHTML("beforeend", html);
    refresh(list);
    const row = rowsOf(list).pop();
    row.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: row } }));
    controlsOf(row)[0].focus();
    tell(list, "已新增一条" + list.dataset.title);
  }

  function button(words, style, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm " + style;
    made.textContent = words;
    made.addEventListener("click", action);
    return made;
  }

  function ask(list, row, remover) {
    const box = document.createElement("div");
    const words = document.createElement("p");
    box.className = "ask mt-3";
    words.textContent = "要删除“" + row.querySelector("[data-row-title]").textContent + "”吗？";
    const no = button("不删除", "btn-plain", function () {
      box.replaceWith(remover);
      remover.focus();
    });
    const yes = button("确定删除", "btn-outline-primary", function () {
      box.replaceWith(remover);
      remove(list, row);
    });
    box.append(words, yes, no);
    remover.replaceWith(box);
    yes.focus();
  }

  function remove(list, row) {
    const title = row.querySelector("[data-row-title]").textContent;
    const gone = document.createElement("div");
    const words = document.createElement("span");
    gone.className = "row-gone";
    words.textContent = "已删除“" + title + "”，保存后生效";
    const undo = button("撤销", "btn-plain", function () {
      clearTimeout(timer);
      gone.replaceWith(row);
      refresh(list);
      controlsOf(row)[0].focus();
      tell(list, "已恢复" + title);
    });
    gone.append(words, undo);
    row.replaceWith(gone);
    refresh(list);
    undo.focus();
    tell(list, words.textContent + "，10 秒内可以撤销");
    const timer = setTimeout(function () {
      if (gone.contains(document.activeElement)) list.querySelector("[data-rows-add]").focus();
      gone.remove();
    }, UNDO_MS);
  }

  document.addEventListener("click", function (event) {
    const adder = event.target.closest("[data-rows-add]");
    const remover = event.target.closest("[data-row-remove]");
    if (!adder && !remover) return;
    event.preventDefault();
    const list = event.target.closest("[data-rows]");
    if (adder) return add(list);
    const row = remover.closest("[data-row]");
    if (controlsOf(row).some((control) => control.value)) ask(list, row, remover);
    else remove(list, row);
  });
})();
