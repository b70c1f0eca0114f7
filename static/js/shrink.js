/* A chosen picture made small on the device, before it is sent: window.shrinkPicture(file) promises a JPEG of at most
   600 KB, upright and without what the camera wrote into it. It fails where this browser cannot read the picture. */
(function () {
  "use strict";
  // With the form around it the request stays below 600 KB.
  const MOST_BYTES = 590 * 1024;
  const STEPS = [
    { side: 1600, quality: 0.82 },
    { side: 1400, quality: 0.76 },
    { side: 1200, quality: 0.7 },
    { side: 1200, quality: 0.55 },
  ];
  // A long strip keeps a short side that the server takes.
  const SHORT_SIDE = 600;

  function measure(file) {
    const address = URL.createObjectURL(file);
    return new Promise(function (resolve, reject) {
      const image = new Image();
      image.onload = () => resolve({ width: image.naturalWidth, height: image.naturalHeight });
      image.onerror = reject;
      image.src = address;
    }).finally(() => URL.revokeObjectURL(address));
  }

  function longest(side, size) {
    const long = Math.max(size.width, size.height);
    return Math.max(side, Math.ceil((long * SHORT_SIDE) / Math.min(size.width, size.height)));
  }

  function drawn(file, side, quality) {
    return new Promise(function (resolve, reject) {
      new window.Compressor(file, {
        maxWidth: side,
        maxHeight: side,
        quality: quality,
        mimeType: "image/jpeg",
        convertSize: 0,
        // Never the original back, even where it is smaller: it knows where it was taken.
        strict: false,
        // Browsers turn pictures upright themselves.
        checkOrientation: false,
        success: resolve,
        error: reject,
      });
    });
  }

  window.shrinkPicture = async function (file) {
    const size = await measure(file);
    let small = file;
    for (const step of STEPS) {
      small = await drawn(small, longest(step.side, size), step.quality);
      if (small.size <= MOST_BYTES) break;
    }
    return small;
  };
})();
