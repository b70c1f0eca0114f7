/* 获取短信验证码: refusals are shown like successes, the focus goes where the next answer is due, and help opens when
   the pause is over and no code has been typed. */
(function () {
  "use strict";

  const BUTTON = "send_code";
  const LOST = "网络不通，短信没有发送，请检查网络后重试";

  function say(words) {
    const status = document.getElementById("sms_status");
    if (status) status.textContent = words;
  }

  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.requestConfig.elt.id !== BUTTON) return;
    if (event.detail.serverResponse.includes(`id="${BUTTON}"`)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    } else if (event.detail.xhr.status >= 400) {
      say("暂时无法发送短信，请刷新页面后重试");
    }
  });

  document.addEventListener("htmx:sendError", function (event) {
    if (event.detail.elt.id === BUTTON) say(LOST);
  });

  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.requestConfig.elt.id !== BUTTON) return;
    const button = document.getElementById(BUTTON);
    if (!button || button.dataset.settled) return;
    button.dataset.settled = "1";
    const next = "sent" in button.dataset ? "sms_code" : button.dataset.refused;
    const field = next && document.getElementById(`id_${next}`);
    if (field) field.focus();
  });

  document.addEventListener("countdown:end", function (event) {
    const help = document.querySelector("[data-sms-help]");
    const code = document.getElementById("id_sms_code");
    if (event.target.id === BUTTON && help && code && !code.value) help.open = true;
  });
})();
