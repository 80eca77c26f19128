// [data-counter] around a field: says how many words it holds and, with data-max, how many characters are left.
const SOON = 0.8;

const counted = (n, one, many) => `${n.toLocaleString(document.documentElement.lang)} ${n === 1 ? one : many}`;

const sentence = (box, text) => {
  const words = text.trim().split(/\s+/).filter(Boolean).length;
  const parts = [counted(words, box.dataset.word, box.dataset.words)];
  const most = Number(box.dataset.max);
  if (most && text.length > most * SOON) {
    parts.push(counted(most - text.length, box.dataset.characterLeft, box.dataset.charactersLeft));
  }
  return parts.join(", ");
};

export const watchCounters = (root) => {
  for (const box of root.querySelectorAll("[data-counter]")) {
    const field = box.querySelector("input, textarea");
    if (!field) continue;
    const count = document.createElement("p");
    count.className = "field-count";
    field.after(count);
    const show = () => {
      count.textContent = sentence(box, field.value);
      count.classList.toggle("field-count-over", field.value.length > Number(box.dataset.max || Infinity));
    };
    field.addEventListener("input", show);
    show();
  }
};
