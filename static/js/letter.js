// The letter as it will arrive, while it is being written; and what was typed, kept here if the page is left.
const form = document.querySelector("[data-letter]");
const preview = document.getElementById("preview");
const key = `letter-${form.dataset.draft}`;
// Somebody else may sit at this computer tomorrow.
const KEPT_FOR = 24 * 3600 * 1000;
const fields = () => [...form.querySelectorAll("input[type=text], textarea")];
const note = document.querySelector("[data-draft-note]");
let waiting;
let asked = 0;

// Browsers may refuse to keep anything; then the letter is written without.
const read = (name) => { try { return JSON.parse(localStorage.getItem(name) || "null"); } catch { return null; } };
const write = (value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* not kept */ } };
const forget = () => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } };

try {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("letter-") && !(Date.now() - read(name)?.at < KEPT_FOR)) localStorage.removeItem(name);
  }
} catch { /* nothing was kept */ }

const show = async () => {
  const mine = ++asked;
  const answer = await fetch(form.dataset.letter, { method: "POST", body: new FormData(form) });
  // An answer that newer words have overtaken is left alone.
  if (!answer.ok || mine !== asked) return;
  const offices = () => [...preview.querySelectorAll("details")];
  const open = new Set(offices().filter((office) => office.open).map((office) => office.id));
  preview.innerHTML = await answer.text();
  // The office that was looked at stays open.
  if (open.size) for (const office of offices()) office.open = open.has(office.id);
};

const keep = (more) => write({
  at: Date.now(), words: Object.fromEntries(fields().map((field) => [field.name, field.value])), ...more,
});

// Fields carry their letter's own name: words for a letter that can't be changed any more go into no other.
const stored = read(key);
const kept = stored?.words ?? {};
// On a slow line somebody writes before this runs: newer words than the kept ones.
const begun = fields().filter((field) => field.value !== field.defaultValue);
// A page that comes back with mistakes, or with a preview, has them already.
const returning = fields().filter(
  (field) => !begun.includes(field) && kept[field.name] !== undefined && kept[field.name] !== field.value,
);
for (const field of returning) field.value = kept[field.name];
if (note && returning.length) note.hidden = false;
note?.querySelector("button").addEventListener("click", () => { forget(); window.location.assign(window.location.pathname); });

form.addEventListener("input", () => {
  keep({});
  clearTimeout(waiting);
  waiting = setTimeout(show, 400);
});
// As if typed: words are counted anew, and what was sent off and never arrived is kept on.
for (const field of returning) field.dispatchEvent(new Event("input", { bubbles: true }));
// They grow no younger by being looked at: a day at most is promised.
if (returning.length) keep({ at: stored.at });
if (begun.length) show();
// Newer words are kept at once, not when the next one is typed. What the browser itself brought back is as old as it was.
const isFresh = performance.getEntriesByType("navigation")[0]?.type === "navigate";
if (isFresh && begun.some((field) => field.value !== kept[field.name])) keep({});
// Sent off is not saved: a line may break, and a letter may come back. The page that follows a saved one forgets it.
form.addEventListener("submit", (event) => { if (event.submitter?.name !== "preview" && read(key)) keep({ sent: true }); });
