/* A text field that finds something while typing: after two characters and a short wait its hits open below, to be chosen by
   mouse, finger or arrow keys. Scripts with something to find call window.attachHits(input, options):
   search(text) promises a list, draw(hit) gives [line, small line], choose(hit) uses one, more and none are closing words. */
(function () {
  "use strict";

  const WAIT_MS = 300;
  const SHORTEST = 2;
  let number = 0;

  function attach(input, options) {
    if (input.dataset.hits) return;
    const id = "hits-" + ++number;
    let timer = 0;
    let asked = 0;
    let found = [];
    let marked = -1;
    input.dataset.hits = id;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", id);
    input.setAttribute("autocomplete", "off");

    function box() {
      return input.parentNode.querySelector(".hits-box");
    }

    function close() {
      clearTimeout(timer);
      asked += 1;
      marked = -1;
      if (box()) box().remove();
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(index) {
      const hit = found[index];
      close();
      options.choose(hit);
    }

    function item(hit, index) {
      const made = document.createElement("li");
      const [line, small] = options.draw(hit);
      made.id = id + "-" + index;
      made.setAttribute("role", "option");
      made.setAttribute("aria-selected", "false");
      made.textContent = line;
      if (small) {
        const more = document.createElement("small");
        more.className = "num";
        more.textContent = small;
        made.appendChild(more);
      }
      // mousedown comes before the field loses the focus.
      made.addEventListener("mousedown", function (event) {
        event.preventDefault();
        choose(index);
      });
      return made;
    }

    function show(hits) {
      close();
      found = hits;
      const list = document.createElement("ul");
      const words = document.createElement("p");
      const made = document.createElement("div");
      made.className = "hits-box";
      list.id = id;
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", options.label);
      hits.forEach((hit, index) => list.appendChild(item(hit, index)));
      words.className = "none";
      words.textContent = hits.length ? options.more : options.none;
      const panel = document.createElement("div");
      panel.className = "hits";
      panel.append(list, words);
      made.appendChild(panel);
      input.insertAdjacentElement("afterend", made);
      input.setAttribute("aria-expanded", "true");
      panel.scrollIntoView({ block: "nearest" });
    }

    function move(step) {
      const items = Array.from(box().querySelectorAll("[role=option]"));
      if (!items.length) return;
      marked = marked < 0 && step < 0 ? items.length - 1 : (marked + step + items.length) % items.length;
      items.forEach((one, index) => one.setAttribute("aria-selected", String(index === marked)));
      items[marked].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", items[marked].id);
    }

    input.addEventListener("input", function () {
      close();
      const text = input.value.trim();
      const mine = asked;
      if (text.length < SHORTEST) return;
      timer = setTimeout(function () {
        options.search(text).then(function (hits) {
          if (mine === asked && document.activeElement === input) show(hits);
        });
      }, WAIT_MS);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      if (!box()) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Escape") {
        close();
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (marked >= 0) choose(marked);
        else close();
      }
    });
  }

  window.attachHits = attach;
})();
