// The letter as it will arrive, while it is being written; and what was typed, kept if the page is left.
const form = document.querySelector("[data-letter]");
const preview = document.getElementById("preview");
const key = `letter-${form.dataset.draft}`;
const fields = () => [...form.querySelectorAll("input[type=text], textarea")];
let waiting;

const show = async () => {
  const answer = await fetch(form.dataset.letter, { method: "POST", body: new FormData(form) });
  if (!answer.ok) return;
  const offices = () => [...preview.querySelectorAll("details")];
  const open = new Set(offices().filter((office) => office.open).map((office) => office.id));
  preview.innerHTML = await answer.text();
  // The office that was looked at stays open.
  if (open.size) for (const office of offices()) office.open = open.has(office.id);
};

const kept = JSON.parse(sessionStorage.getItem(key) || "{}");
for (const field of fields()) if (kept[field.name] !== undefined) field.value = kept[field.name];
if (Object.keys(kept).length) show();

form.addEventListener("input", () => {
  sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((f) => [f.name, f.value]))));
  clearTimeout(waiting);
  waiting = setTimeout(show, 400);
});
form.addEventListener("submit", () => sessionStorage.removeItem(key));
