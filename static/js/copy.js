// [data-copy] around a field: a button that copies what it holds. Without scripts the field is selected by hand.
const TOLD_FOR = 2500;

for (const box of document.querySelectorAll("[data-copy]")) {
  const field = box.querySelector("input, textarea");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet button-small";
  button.textContent = box.dataset.label;
  const said = document.createElement("span");
  said.className = "small muted";
  said.setAttribute("role", "status");
  const row = document.createElement("p");
  row.className = "row field-tools";
  row.append(button, said);
  field.after(row);
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.select();
      return;
    }
    said.textContent = box.dataset.done;
    setTimeout(() => { said.textContent = ""; }, TOLD_FOR);
  });
}
