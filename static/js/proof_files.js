/* Pictures chosen in <input type="file" data-shrink-files> are made small on the device before they are sent.
   Where this browser cannot, they are sent as they are. Needs compressor and shrink.js. */
(function () {
  "use strict";

  async function shrunk(file) {
    try {
      const small = await window.shrinkPicture(file);
      return new File([small], "proof.jpg", { type: "image/jpeg" });
    } catch {
      return file;
    }
  }

  document.addEventListener("change", async function (event) {
    const input = event.target;
    if (!input.matches("input[data-shrink-files]") || !window.shrinkPicture) return;
    const chosen = Array.from(input.files);
    const buttons = Array.from(input.form.querySelectorAll("button[type=submit]"));
    buttons.forEach((button) => (button.disabled = true));
    const small = await Promise.all(chosen.map(shrunk));
    try {
      const bag = new DataTransfer();
      small.forEach((file) => bag.items.add(file));
      input.files = bag.files;
    } finally {
      buttons.forEach((button) => (button.disabled = false));
    }
  });
})();
