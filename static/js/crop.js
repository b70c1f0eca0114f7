/* The portrait is laid into its frame before it is sent: by finger, mouse, buttons or arrow keys.
   window.cropPicture(slot, picture, reveal) calls reveal to have the frame shown and promises the part inside it;
   window.endCrop(slot) takes the picture away. */
(function () {
  "use strict";
  // The frame in its surroundings, as _picture_crop.html draws it.
  const STAGE = { width: 420, height: 500 };
  const FRAME = { left: 31, top: 29.5, width: 358, height: 441 };
  // What the server takes at least, and twice what it keeps.
  const LEAST = { width: 200, height: 280 };
  const MOST = { maxWidth: 716, maxHeight: 882, fillColor: "white", imageSmoothingQuality: "high" };
  const QUALITY = 0.9;
  const KEYS = {
    ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10], "+": 0.1, "=": 0.1, "-": -0.1,
  };
  const OPTIONS = {
    viewMode: 1, dragMode: "move", aspectRatio: FRAME.width / FRAME.height, autoCropArea: 1, cropBoxMovable: false,
    cropBoxResizable: false, toggleDragModeOnDblclick: false, guides: false, center: false, highlight: false,
    modal: false, background: false, zoomOnWheel: false, checkOrientation: false, checkCrossOrigin: false,
  };
  const running = new WeakMap();

  function frameOf(cropper) {
    const scale = cropper.getContainerData().width / STAGE.width;
    return {
      left: FRAME.left * scale, top: FRAME.top * scale, width: FRAME.width * scale, height: FRAME.height * scale,
    };
  }

  /* The frame where it is drawn, and behind it the middle of the picture, as small as fills the frame. */
  function place(cropper) {
    const box = frameOf(cropper);
    const turned = cropper.getCanvasData();
    const scale = Math.max(box.width / turned.naturalWidth, box.height / turned.naturalHeight);
    const width = turned.naturalWidth * scale;
    const height = turned.naturalHeight * scale;
    const left = box.left + (box.width - width) / 2;
    const top = box.top + (box.height - height) / 2;
    // Larger first: the frame may never be larger than what lies behind it.
    cropper.setCanvasData({ left: left - width, top: top - height, width: width * 3, height: height * 3 });
    cropper.setCropBoxData(box);
    cropper.setCanvasData({ left: left, top: top, width: width, height: height });
  }

  function keepEnough(cropper, event) {
    const box = frameOf(cropper);
    const most = Math.min(box.width / LEAST.width, box.height / LEAST.height);
    if (event.detail.ratio > most && event.detail.ratio > event.detail.oldRatio) event.preventDefault();
  }

  function start(slot, picture, resolve, reject) {
    const image = new Image();
    const address = URL.createObjectURL(picture);
    image.onerror = reject;
    image.alt = "您选的照片";
    image.src = address;
    slot.querySelector("[data-crop-stage]").append(image);
    const cropper = new window.Cropper(image, Object.assign({}, OPTIONS, {
      ready: () => place(cropper),
      zoom: (event) => keepEnough(cropper, event),
    }));
    running.set(slot, { cropper: cropper, address: address, resolve: resolve, reject: reject });
  }

  window.cropPicture = function (slot, picture, reveal) {
    window.endCrop(slot);
    // The frame is measured, so it has to be seen first.
    reveal();
    return new Promise((resolve, reject) => start(slot, picture, resolve, reject));
  };

  window.endCrop = function (slot) {
    const mine = running.get(slot);
    if (!mine) return;
    running.delete(slot);
    mine.cropper.destroy();
    slot.querySelector("[data-crop-stage]").textContent = "";
    URL.revokeObjectURL(mine.address);
  };

  const ACTS = {
    larger: (mine) => mine.cropper.zoom(0.1),
    smaller: (mine) => mine.cropper.zoom(-0.1),
    turn: (mine) => mine.cropper.rotate(90),
    again: function (mine) {
      mine.cropper.reset();
      place(mine.cropper);
    },
    use: function (mine) {
      mine.cropper.getCroppedCanvas(MOST).toBlob((part) => (part ? mine.resolve(part) : mine.reject()), "image/jpeg", QUALITY);
    },
  };

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-crop-act]");
    const mine = button && running.get(button.closest("[data-picture]"));
    if (mine) ACTS[button.dataset.cropAct](mine);
  });
  document.addEventListener("keydown", function (event) {
    const frame = event.target.closest("[data-crop-frame]");
    const mine = frame && running.get(frame.closest("[data-picture]"));
    const what = KEYS[event.key];
    if (!mine || !what || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (Array.isArray(what)) mine.cropper.move(what[0], what[1]);
    else mine.cropper.zoom(what);
  });
})();
