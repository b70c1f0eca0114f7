/* Pictures: what is chosen is made small, the portrait cropped, and sent at once, with progress, 取消 and 重试; the answer
   is the slot anew. A slot that is being processed asks for itself through htmx until there is an outcome. */
(function () {
  "use strict";
  if (window.picturesReady) return;
  window.picturesReady = true;

  const LARGEST = 12 * 1024 * 1024;
  const WORDS = {
    type: "请改用相机拍照，或在设置中选“兼容性最佳”",
    size: "图片不能超过12MB",
    cut: "网络中断，照片没有传完，请重试",
    refused: "暂时无法保存文件，请稍后再试",
  };
  // Which parts of a slot are seen while something is done with its picture.
  const SEEN = {
    bar: ["preparing", "sending"],
    cancel: ["preparing", "cropping", "sending"],
    pick: ["idle", "broken"],
    broken: ["broken"],
    crop: ["cropping"],
    "crop-words": ["cropping"],
    "crop-tag": ["cropping"],
    state: ["idle", "preparing", "sending", "broken"],
    shown: ["idle", "preparing", "sending", "broken"],
    hint: ["idle", "preparing", "sending", "broken"],
    samples: ["idle", "preparing", "sending", "broken"],
    // What the server said of the last try is over with the next one.
    outcome: ["idle"],
  };
  const touch = window.matchMedia("(pointer: coarse)").matches;
  // Slot -> what ends that which is being done with its picture.
  const tasks = new WeakMap();

  function wake(root) {
    root.querySelectorAll("form[data-upload]").forEach(function (form) {
      form.querySelector("[data-plain]").hidden = true;
      form.querySelector("[data-pick]").hidden = false;
      // A computer's 拍照 would open the same folder as the other button.
      if (touch) return;
      form.querySelector("[data-camera]").hidden = true;
      const words = form.querySelector("[data-album-words]");
      if (words.textContent === "从相册选") words.textContent = "选择照片";
    });
    if (!window.Compressor) return;
    root.querySelectorAll("[data-limits]").forEach((words) => (words.hidden = true));
    root.querySelectorAll("[data-shrinks]").forEach((words) => (words.hidden = false));
  }

  function slotOf(node) {
    return node.closest("[data-picture]");
  }

  function part(slot, name) {
    return slot.querySelector("[data-" + name + "]");
  }

  function show(slot, state) {
    slot.dataset.doing = state;
    slot.dispatchEvent(new CustomEvent("picture:state", { bubbles: true }));
    Object.keys(SEEN).forEach(function (name) {
      const node = part(slot, name);
      if (node) node.hidden = !SEEN[name].includes(state);
    });
  }

  function busy(slot) {
    return (slot.dataset.doing || "idle") !== "idle";
  }

  function complain(slot, words, again) {
    part(slot, "broken-words").textContent = words;
    part(slot, "retry").hidden = !again;
    show(slot, "broken");
  }

  function choose(button) {
    const input = button.form.elements.file;
    if (button.dataset.camera) input.setAttribute("capture", button.dataset.camera);
    else input.removeAttribute("capture");
    input.value = "";
    input.click();
  }

  /* Ends what was being done in this slot and begins anew; the task tells whether it is still the one that counts. */
  function begin(slot) {
    const before = tasks.get(slot);
    if (before && before.request) before.request.abort();
    if (window.endCrop) window.endCrop(slot);
    const task = { counts: () => tasks.get(slot) === task };
    tasks.set(slot, task);
    part(slot, "cancel").onclick = () => cancel(slot);
    return task;
  }

  function cancel(slot) {
    begin(slot);
    show(slot, "idle");
    focusFirst(slot);
  }

  function start(form) {
    const slot = slotOf(form);
    const file = form.elements.file.files[0];
    if (!file) return;
    const task = begin(slot);
    const bar = slot.querySelector("progress");
    bar.removeAttribute("value");
    part(slot, "percent").textContent = "正在缩小照片";
    part(slot, "bytes").textContent = "";
    show(slot, "preparing");
    prepared(slot, file, task).then((picture) => task.counts() && judged(form, slot, file, picture, task));
  }

  /* The picture as it is to be sent; nothing where this browser cannot make it smaller. */
  async function prepared(slot, file, task) {
    let small;
    try {
      small = await window.shrinkPicture(file);
      if (!task.counts() || !part(slot, "crop") || !window.Cropper) return small;
      const cropped = window.cropPicture(slot, small, () => show(slot, "cropping"));
      part(slot, "crop-frame").focus({ preventScroll: true });
      news(slot, part(slot, "crop-tag").textContent);
      small = await cropped;
    } catch {
      // Sent as far as it has come.
    }
    if (task.counts() && window.endCrop) window.endCrop(slot);
    return small;
  }

  function judged(form, slot, file, picture, task) {
    if (picture) return send(form, slot, picture, task);
    if (/\.hei[cf]$/i.test(file.name) || /hei[cf]/.test(file.type)) return complain(slot, WORDS.type, false);
    if (file.size > LARGEST) return complain(slot, WORDS.size, false);
    send(form, slot, file, task);
  }

  function send(form, slot, picture, task) {
    const request = (task.request = new XMLHttpRequest());
    const bar = slot.querySelector("progress");
    const answers = new FormData(form);
    answers.set("file", picture, "picture");
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("HX-Current-URL", window.location.href);
    request.upload.addEventListener("progress", function (event) {
      const percent = Math.round((event.loaded / event.total) * 100);
      bar.value = percent;
      part(slot, "percent").textContent = percent < 100 ? "已上传 " + percent + "%" : "正在检查";
      // Nothing can be called back once it is there.
      part(slot, "cancel").hidden = percent === 100;
      part(slot, "bytes").textContent = Math.round(event.loaded / 1024) + " / " + Math.round(event.total / 1024) + " KB";
    });
    request.addEventListener("error", () => complain(slot, WORDS.cut, true));
    request.addEventListener("timeout", () => complain(slot, WORDS.cut, true));
    request.addEventListener("load", () => settle(slot, request));
    part(slot, "retry").onclick = () => send(form, slot, picture, task);
    bar.value = 0;
    part(slot, "percent").textContent = "正在上传";
    part(slot, "bytes").textContent = "";
    show(slot, "sending");
    request.send(answers);
  }

  function settle(slot, request) {
    if (request.responseText.includes("data-picture=")) return replace(slot, request.responseText);
    if (request.status === 413) return complain(slot, WORDS.size, false);
    if (request.status >= 500) return complain(slot, WORDS.refused, true);
    // Logged out, or the page is out of date: the server knows where to go on.
    const elsewhere = request.getResponseHeader("HX-Redirect");
    if (elsewhere) window.location.assign(elsewhere);
    else window.location.reload();
  }

  function replace(slot, html) {
    const box = document.createElement("template");
    box.innerHTML = html;
    const fresh = box.content.querySelector("[data-picture]");
    // Whoever has gone on to another field stays there.
    keepPicture(slot, fresh);
    const here = slot.contains(document.activeElement) || document.activeElement === document.body;
    slot.replaceWith(fresh);
    fresh.dispatchEvent(new CustomEvent("picture:state", { bubbles: true }));
    wake(fresh);
    if (window.htmx) window.htmx.process(fresh);
    tell(fresh);
    if (here) focusFirst(fresh);
  }

  function focusFirst(slot) {
    const button = slot.querySelector("[data-pick] button:not([hidden])");
    if (button) button.focus({ preventScroll: true });
  }

  /* The same picture needs no second download, and stays in sight when its successor has just taken its place. */
  function keepPicture(slot, fresh) {
    const old = slot.querySelector(".frame img");
    const next = fresh.querySelector(".frame img");
    if (old && next && old.getAttribute("src") === next.getAttribute("src")) next.replaceWith(old);
  }

  function tell(slot) {
    const reason = slot.querySelector(".invalid-feedback[id]");
    news(slot, reason ? reason.textContent : part(slot, "state").textContent);
  }

  function news(slot, words) {
    const line = document.querySelector("[data-picture-news]");
    if (line) line.textContent = slot.dataset.picture + "：" + words.trim();
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-camera], [data-album]");
    if (button) choose(button);
  });
  document.addEventListener("change", function (event) {
    const form = event.target.form;
    if (event.target.name === "file" && form && "upload" in form.dataset) start(form);
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    const slot = event.detail.elt.closest("[data-picture]");
    if (!slot || event.detail.xhr.status === 204 || event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    // The next picture is under way here: what became of the one before would take it away.
    if (busy(slot)) return (event.detail.shouldSwap = false);
    if (event.detail.serverResponse.includes("data-picture=")) return;
    event.detail.shouldSwap = false;
    window.location.reload();
  });
  document.addEventListener("htmx:load", function (event) {
    wake(event.detail.elt.parentNode || document);
    if (event.detail.elt.matches("[data-picture]")) tell(event.detail.elt);
  });
  wake(document);
})();
