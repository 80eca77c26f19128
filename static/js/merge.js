// Buttons that put a field into the text, where its writer last was. Fields of the office stand in the first lines only.
const box = document.querySelector("[data-merge]");
const form = box.closest("form");
const FIRST_LINES = ["subject", "salutation"];
const TEXTS = [...FIRST_LINES, "opening", "talking_points", "closing"];
// On a slow line somebody writes before this runs.
const at = document.activeElement;
let last = form.contains(at) && TEXTS.includes(at.name) ? at : form.elements.opening;

const fit = () => {
  for (const button of box.querySelectorAll("[data-office]")) button.disabled = !FIRST_LINES.includes(last.name);
};

form.addEventListener("focusin", (event) => {
  if (!TEXTS.includes(event.target.name)) return;
  last = event.target;
  fit();
});

box.addEventListener("click", (event) => {
  const button = event.target.closest("[data-field]");
  if (!button) return;
  last.setRangeText(`{{${button.dataset.field}}}`, last.selectionStart, last.selectionEnd, "end");
  last.dispatchEvent(new Event("input", { bubbles: true }));
  last.focus();
});

box.hidden = false;
fit();
