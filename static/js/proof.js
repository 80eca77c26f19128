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

if (field && globalThis.crypto?.subtle) {
  let solved = false;
  const solving = solve(JSON.parse(field.dataset.puzzle)).then((proof) => {
    field.value = proof;
    solved = true;
  });
  field.form.addEventListener("submit", (event) => {
    if (solved) return;
    event.preventDefault();
    busy.hidden = false;
    solving.then(() => field.form.requestSubmit());
  });
}
