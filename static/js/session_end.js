/* Two minutes before the log-in ends a line asks whether to go on; 继续填写 tells the server that somebody is there.
   Several tabs share one log-in: the latest end that any of them knows counts. */
(function () {
  "use strict";

  const NAME = "session-ends", WARN = 120;
  const box = document.querySelector("[data-session-end]");
  if (!box) return;
  const soon = box.querySelector("[data-session-soon]"), over = box.querySelector("[data-session-over]");
  const left = box.querySelector("[data-session-left]");
  let ends = 0;

  function prolong(seconds) {
    ends = Date.now() + seconds * 1000;
    try { localStorage.setItem(NAME, String(ends)); } catch (error) { /* private windows may have no storage */ }
  }

  function latest() {
    try { return Math.max(ends, Number(localStorage.getItem(NAME)) || 0); } catch (error) { return ends; }
  }

  function show() {
    const seconds = Math.ceil((latest() - Date.now()) / 1000);
    box.hidden = seconds > WARN;
    soon.hidden = seconds <= 0;
    over.hidden = seconds > 0;
    // Spoken once in half a minute, not every second.
    if (seconds > 0 && (!left.textContent || seconds % 30 === 0 || seconds < 10)) left.textContent = String(seconds);
    if (seconds > 0) setTimeout(show, Math.min(1000, seconds * 1000));
  }

  function keep() {
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    const options = { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token ? token.value : "" } };
    fetch(box.dataset.sessionUrl, options).then(function (answer) {
      return answer.ok ? answer.text() : "0";
    }).then(function (seconds) {
      left.textContent = "";
      prolong(Number(seconds));
      show();
    }).catch(function () { left.textContent = "网络不通，"; });
  }

  box.querySelector("button").addEventListener("click", keep);
  prolong(Number(box.dataset.sessionEnd));
  show();
})();
