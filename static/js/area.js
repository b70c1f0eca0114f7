/* 行政区划: choosing a city fills the list of its counties; a city without counties (东莞, 中山, 省本级) is the choice itself.
   The field above finds both at once by name, pinyin or code; its buttons are for those without a script. */
(function () {
  "use strict";

  function fill(box) {
    const counties = JSON.parse(box.dataset.area)[box.querySelector("[data-city]").value] || [];
    const select = box.querySelector("[data-county]");
    const first = select.options[0].cloneNode(true);
    first.selected = true;
    select.textContent = "";
    select.appendChild(first);
    counties.forEach(([code, name]) => select.add(new Option(name, code)));
    show(box);
  }

  function show(box) {
    const select = box.querySelector("[data-county]");
    const city = box.querySelector("[data-city]").value;
    select.disabled = select.options.length < 2;
    select.hidden = Boolean(city) && select.disabled;
  }

  function search(box, text) {
    const url = box.dataset.areaSearch + "?q=" + encodeURIComponent(text);
    return fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : { divisions: [] }))
      .then((found) => found.divisions)
      .catch(() => []);
  }

  function choose(box, finder, division) {
    box.querySelector("[data-city]").value = division.city;
    fill(box);
    box.querySelector("[data-county]").value = division.county;
    finder.value = "";
    const last = division.county ? "[data-county]" : "[data-city]";
    box.querySelector(last).focus();
  }

  function help(box) {
    const finder = box.parentNode.querySelector("[data-area-find]");
    if (!finder || !window.attachHits) return;
    finder.parentNode.parentNode.classList.add("is-alone");
    finder.value = "";
    window.attachHits(finder, {
      label: "找到的行政区划",
      more: "也可以在下面逐级选择",
      none: "没有找到，请在下面逐级选择",
      search: (text) => search(box, text),
      draw: (division) => [division.name, division.code],
      choose: (division) => choose(box, finder, division),
    });
  }

  function wake(root) {
    root.querySelectorAll("[data-area]").forEach(function (box) {
      show(box);
      if (!box.dataset.areaReady) help(box);
      box.dataset.areaReady = "1";
    });
    root.querySelectorAll("[data-area-plain]").forEach((part) => (part.hidden = true));
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-city]")) fill(event.target.closest("[data-area]"));
  });
  document.addEventListener("htmx:load", (event) => wake(event.detail.elt));
  wake(document);
})();
