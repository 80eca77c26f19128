// The letter beside its editor, kept in step while it is written or another writer or office is chosen.
const form = document.querySelector("[data-preview]");
const preview = document.getElementById("preview");
let waiting;
let asked = 0;

const show = async () => {
  const mine = ++asked;
  const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
  // An answer that another question has overtaken, or a list being chosen from, is left alone.
  if (!answer.ok || mine !== asked) return;
  const chosen = preview.contains(document.activeElement) && document.activeElement.id;
  preview.innerHTML = await answer.text();
  if (chosen) document.getElementById(chosen)?.focus();
};

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 400);
});
// On a slow line somebody writes before this runs; and browsers bring back what was written before.
if ([...form.querySelectorAll("input[type=text], textarea")].some((one) => one.value !== one.defaultValue)) show();
