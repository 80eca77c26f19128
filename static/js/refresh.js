// A part of the page that keeps itself fresh while somebody looks at it, as long as there is something to come.
const EVERY = 4000;
const part = document.querySelector("[data-refresh]");

// What somebody reads with the keyboard, or presses just now, must not be taken from under them.
const isHeld = () => part.contains(document.activeElement) || part.matches(":active");

let asked = 0;

const refresh = async () => {
  if (document.hidden || isHeld()) return;
  const mine = ++asked;
  const answer = await fetch(part.dataset.refresh, { redirect: "error" });
  const fresh = await answer.text();
  // The answer took a while; another may have come before it.
  if (!answer.ok || mine !== asked || isHeld()) return;
  const open = [...part.querySelectorAll("details[id][open]")].map((box) => box.id);
  part.innerHTML = fresh;
  for (const id of open) document.getElementById(id).open = true;
  if (answer.headers.get("X-Refresh") !== "over") return;
  clearInterval(ticking);
  if ("reload" in part.dataset) location.reload();
};

const ticking = part && setInterval(() => refresh().catch(() => {}), EVERY);
