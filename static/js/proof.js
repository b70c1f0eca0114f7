/* Proof of work. A button with data-proof-wanted goes out with a solved challenge in the hidden field [data-proof]. The
   work is done by workers, ahead of the press: when the field named by data-proof-after is left, or when the button's
   pause is over. Where it cannot be done the press goes out all the same, and the server says what to do. */
(function () {
  "use strict";

  const WORKERS = Math.min(navigator.hardwareConcurrency || 2, 4);
  const PATIENCE = 20000; // ms until a press goes out without a proof
  const MARGIN = 30; // seconds before its end from which a solution is not used any more
  let work = null;
  let repeated = false;

  const place = () => document.querySelector("[data-proof]");

  /* What one of the workers finds first; each tries its share of the numbers. */
  function solve(challenge, address) {
    return new Promise(function (resolve, reject) {
      const workers = Array.from({ length: WORKERS }, () => new Worker(address));
      const end = function (settle, value) {
        workers.forEach((worker) => worker.terminate());
        settle(value);
      };
      setTimeout(() => end(reject, new Error("too slow")), PATIENCE);
      workers.forEach(function (worker, number) {
        worker.onerror = (event) => end(reject, new Error(event.message));
        worker.onmessage = ({ data }) => (data && data.derivedKey ? end(resolve, data) : end(reject, new Error("no solution")));
        worker.postMessage({ type: "work", challenge, counterStart: number, counterStep: WORKERS, timeout: PATIENCE });
      });
    });
  }

  async function make(input, mine) {
    const answer = await fetch(input.dataset.proof, { cache: "no-store" });
    if (!answer.ok) return "";
    const { parameters, signature, seconds } = await answer.json();
    mine.until = performance.now() + (seconds - MARGIN) * 1000;
    const challenge = { parameters, signature };
    return btoa(JSON.stringify({ challenge, solution: await solve(challenge, input.dataset.proofWorker) }));
  }

  /* The running or finished work, begun anew when there is none that the server would still take. */
  function begin(input) {
    if (work && performance.now() < work.until) return work.solution;
    const mine = { until: Infinity };
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE, ""));
    mine.solution = Promise.race([make(input, mine).catch(() => ""), patience]);
    mine.solution.then((solution) => {
      if (!solution && work === mine) work = null;
    });
    work = mine;
    return mine.solution;
  }

  function ahead() {
    const button = document.querySelector("[data-proof-wanted]");
    if (button && !button.disabled && place()) begin(place());
  }

  /* The button rests until its proof is there; then `go` sends it, and the proof is used up. */
  function hold(button, go) {
    const input = place();
    const label = button.textContent;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    button.textContent = "正在验证…";
    begin(input).then(function (solution) {
      work = null;
      input.value = solution;
      button.disabled = false;
      button.removeAttribute("aria-busy");
      button.textContent = label;
      go();
    });
  }

  document.addEventListener("htmx:confirm", function (event) {
    const button = event.detail.elt;
    if (!button.hasAttribute("data-proof-wanted") || !place()) return;
    event.preventDefault();
    hold(button, () => event.detail.issueRequest(true));
  });

  /* The server wants a proof that this page did not know of, or did not take this one: once more, unseen. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    const missed = event.detail.serverResponse.includes("data-proof-missed");
    if (!missed || repeated) {
      repeated = false;
      return;
    }
    repeated = true;
    event.preventDefault();
    const button = event.detail.requestConfig.elt;
    button.dataset.proofWanted = "";
    setTimeout(() => button.click(), 0);
  });

  /* Pages sent as a whole: the log-in, and everything while htmx is away. */
  let passed = null;
  document.addEventListener("submit", function (event) {
    const button = event.submitter || event.target.querySelector("button[type=submit]");
    if (!button || !button.hasAttribute("data-proof-wanted") || !place()) return;
    if (passed === button) {
      passed = null;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    hold(button, function () {
      passed = button;
      button.click();
    });
  }, true);

  document.addEventListener("focusout", function (event) {
    if (place() && event.target.id === place().dataset.proofAfter && event.target.value) ahead();
  });
  document.addEventListener("countdown:end", ahead);
  // Afterwards, since a button whose pause has just begun is put to rest by another script.
  document.addEventListener("htmx:load", function (event) {
    if (event.detail.elt.matches("[data-proof-wanted]")) setTimeout(ahead, 0);
  });
  window.addEventListener("pageshow", function () {
    const after = place() && document.getElementById(place().dataset.proofAfter);
    if (after && after.value) ahead();
  });
})();
