/* Forms with data-in-place are posted in the background: an answer that goes on leads there, one that does not is drawn in
   place. So Back always leads to the page before, a cut network keeps what was typed, and a picture that is still on its
   way is waited for. Without this script the same form is posted as forms are. */
(function () {
  "use strict";

  const SENDING = "[data-picture][data-doing=preparing], [data-picture][data-doing=sending]";
  const CROPPING = "[data-picture][data-doing=cropping]";
  const CUT = "网络不通，还没有保存。您填写的内容都在，请检查网络后再点一次。";
  const REFUSED = "系统暂时没有保存成功。您填写的内容都在，请稍后再点一次。";
  // The press that waits for pictures.
  let waiting = null;

  function lines(form) {
    let line = document.querySelector("[data-in-place-news]");
    if (line) return line;
    line = document.createElement("p");
    line.className = "note note-wait mt-3";
    line.setAttribute("role", "status");
    line.dataset.inPlaceNews = "";
    const actions = document.querySelector(".actions [form='" + form.id + "']") || form.querySelector(".actions button");
    if (actions) actions.closest(".actions").after(line);
    else form.append(line);
    return line;
  }

  function say(form, words) {
    const line = words ? lines(form) : document.querySelector("[data-in-place-news]");
    if (!line) return;
    line.textContent = words;
    line.hidden = !words;
  }

  function busy(form, pressed) {
    const found = Array.from(form.elements).filter((one) => one.tagName === "BUTTON" && one.type === "submit");
    const words = pressed && pressed.textContent;
    found.forEach((one) => (one.disabled = true));
    if (pressed && pressed.dataset.busy) {
      pressed.setAttribute("aria-busy", "true");
      pressed.textContent = pressed.dataset.busy;
    }
    return function () {
      found.forEach((one) => (one.disabled = false));
      if (!pressed) return;
      pressed.removeAttribute("aria-busy");
      pressed.textContent = words;
    };
  }

  function go(url) {
    const next = new URL(url, location.href);
    if (next.pathname !== location.pathname) return location.assign(next.href);
    // The same page anew is no further step back.
    location.replace(next.href);
    if (next.search === location.search && next.hash) location.reload();
  }

  function draw(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const main = fresh.querySelector("main");
    if (!main || !main.querySelector("form[data-in-place]")) return false;
    const old = document.querySelector("main");
    document.title = fresh.title;
    old.replaceWith(main);
    if (window.htmx) window.htmx.process(main);
    main.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: main } }));
    if (!main.querySelector("[data-summary]")) window.scrollTo(0, 0);
    return true;
  }

  function send(form, pressed) {
    const data = new FormData(form);
    if (pressed && pressed.name) data.append(pressed.name, pressed.value);
    const wake = busy(form, pressed);
    say(form, "");
    const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
    fetch(form.getAttribute("action") || location.href, { method: "POST", body: data, headers: headers, credentials: "same-origin" })
      .then(function (answer) {
        const elsewhere = answer.headers.get("HX-Redirect");
        if (elsewhere) return go(elsewhere);
        return answer.text().then(function (html) {
          if (draw(html)) return;
          wake();
          say(form, REFUSED);
        });
      })
      .catch(function () {
        wake();
        say(form, CUT);
      });
  }

  function settle() {
    if (!waiting || document.querySelector(SENDING)) return;
    const { form, pressed, wake } = waiting;
    waiting = null;
    wake();
    if (!document.contains(form)) return say(form, "");
    // A picture that did not arrive is no reason to go on without it.
    if (document.querySelector("[data-picture][data-doing=broken]")) return say(form, "有照片没有传完，请点“重试”后再继续。");
    send(form, pressed);
  }

  function submit(form, pressed) {
    if (document.querySelector(CROPPING)) {
      say(form, "请先在照片下点“用这张”，再继续。");
      document.querySelector(CROPPING + " [data-crop-frame]").focus();
    } else if (document.querySelector(SENDING)) {
      const wake = busy(form, pressed);
      waiting = { form: form, pressed: pressed, wake: wake };
      if (pressed) pressed.textContent = "等照片传完…";
      say(form, "照片还在上传，传完会自动继续，请不要关闭页面。");
    } else {
      send(form, pressed);
    }
  }

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (!form.matches("form[data-in-place]") || event.defaultPrevented || !window.fetch) return;
    event.preventDefault();
    if (waiting) return;
    const pressed = event.submitter && event.submitter.classList.contains("visually-hidden")
      ? Array.from(form.elements).find((one) => one.classList.contains("btn-primary"))
      : event.submitter;
    submit(form, pressed);
  });
  document.addEventListener("picture:state", () => setTimeout(settle, 0));
})();
