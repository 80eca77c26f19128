// [data-share]: a button that opens the device's own sheet for sharing, where it has one. The links beside it stay.
for (const box of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = box.dataset.label;
  button.addEventListener("click", () => {
    navigator.share({ title: box.dataset.title, text: box.dataset.title, url: box.dataset.url }).catch(() => {});
  });
  const row = document.createElement("p");
  row.append(button);
  box.prepend(row);
}
