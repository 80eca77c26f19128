// A part of the page that keeps itself fresh while it is looked at.
const part = document.querySelector("[data-refresh]");
if (part) {
  setInterval(async () => {
    if (document.hidden || part.contains(document.activeElement)) return;
    const answer = await fetch(part.dataset.refresh);
    if (answer.ok) part.innerHTML = await answer.text();
  }, 4000);
}
