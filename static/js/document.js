/* Reads a resident ID back in groups while it is typed, with gender and birth date once it is whole; the value itself
   stays as typed. */
(function () {
  "use strict";

  const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

  function isWhole(number) {
    if (!/^\d{17}[\dX]$/.test(number)) return false;
    const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(number[place]), 0);
    return "10X98765432"[sum % 11] === number[17];
  }

  function reading(number) {
    if (!/^\d{6,17}[\dX]?$/.test(number)) return "";
    const groups = [number.slice(0, 6), number.slice(6, 14), number.slice(14)].filter(Boolean).join(" ");
    if (number.length < 18) return `${groups}（${number.length}/18）`;
    if (!isWhole(number)) return `${groups}，号码可能有误，请核对`;
    const gender = Number(number[16]) % 2 ? "男" : "女";
    const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)].map(Number);
    return `${groups}，${gender}，${year} 年 ${month} 月 ${day} 日出生`;
  }

  document.querySelectorAll("[data-reading-of]").forEach(function (line) {
    const field = document.getElementById(line.dataset.readingOf);
    const type = document.getElementById(line.dataset.type);

    function update() {
      const number = field.value.normalize("NFKC").replace(/\s/g, "").toUpperCase();
      line.textContent = type.value === "resident_id" ? reading(number) : "";
      line.hidden = !line.textContent;
    }

    field.addEventListener("input", update);
    type.addEventListener("change", update);
    update();
  });
})();
