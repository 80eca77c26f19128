// A part of the page that keeps itself fresh while somebody looks at it, as long as there is something to come.
const EVERY = 4000;
const part = document.querySelector("[data-refresh]");

const refresh = async () => {
  // What somebody reads with the keyboard must not be taken from under them.
  if (document.hidden || part.contains(document.activeElement)) return;
  const answer = await fetch(part.dataset.refresh, { redirect: "error" });
  if (!answer.ok) return;
  const open = [...part.querySelectorAll("details[id][open]")].map((box) => box.id);
  part.innerHTML = await answer.text();
  for (const id of open) document.getElementById(id).open = true;
  if (answer.headers.get("X-Refresh") !== "over") return;
  clearInterval(ticking);
  if ("reload" in part.dataset) location.reload();
};

const ticking = part && setInterval(() => refresh().catch(() => {}), EVERY);
