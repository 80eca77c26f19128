// Works out the puzzle of a form that very many people are signing now (altcha.org, version 1): find the number whose
// hash, with the salt before it, is the challenge. Without scripts the signature is looked at by a person instead.
const field = document.querySelector("[data-puzzle]");
const busy = document.querySelector("[data-puzzle-busy]");
const AT_ONCE = 500; // then the page may breathe

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

const solve = async ({ algorithm, challenge, maxNumber, salt, signature }) => {
  const encoder = new TextEncoder();
  for (let number = 0; number <= maxNumber; number += 1) {
    const hash = await crypto.subtle.digest(algorithm, encoder.encode(salt + number));
    if (hex(hash) === challenge) return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    if (number % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  return "";
};

// A proof is good for one sending: a page that comes back from the browser's memory asks for another puzzle.
const another = async () => {
  const answer = await fetch(window.location.href).catch(() => null);
  const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : "", "text/html");
  return page.querySelector("[data-puzzle]")?.dataset.puzzle ?? field.dataset.puzzle;
};

if (field && globalThis.crypto?.subtle) {
  let solving;
  let solved;
  let sentAt;
  const begin = (puzzle) => {
    solved = false;
    sentAt = 0;
    field.value = "";
    busy.hidden = true;
    const mine = Promise.resolve(puzzle).then((words) => solve(JSON.parse(words))).catch(() => "").then((proof) => {
      if (solving !== mine) return;
      field.value = proof;
      solved = true;
    });
    solving = mine;
  };
  begin(field.dataset.puzzle);
  window.addEventListener("pageshow", (event) => { if (event.persisted) begin(another()); });
  field.form.addEventListener("submit", (event) => {
    if (solved && Date.now() - sentAt > 3000) {
      sentAt = Date.now();
      return;
    }
    // Still at work, or pressed twice: the second sending would carry a proof that is used up.
    event.preventDefault();
    if (solved || !busy.hidden) return;
    busy.hidden = false;
    solving.then(() => field.form.requestSubmit());
  });
}
