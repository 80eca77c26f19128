// What every page gains with scripts on: focus on what to mend, "/" to search, one sending per press, a quick way out.
import { watchCounters } from "./counter.js";

// On a slow line somebody mends a field before this runs: it is not taken from under their hands.
if (document.activeElement === document.body) document.querySelector("[data-errors]")?.focus();

const search = document.querySelector("[data-search]");
const typing = (node) => node.matches("input, textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && search && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  }
  if (event.key === "Escape") closeMenus();
});

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) if (menu !== except) menu.open = false;
};
document.addEventListener("click", (event) => closeMenus(event.target.closest("[data-menu]")));

// A second press while the first is on its way sends nothing; coming back to the page frees the form again. Where the
// answer is a file ([data-download]) the page stays, and may be asked for it again.
const sending = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || "download" in form.dataset) return;
  if (sending.has(form)) event.preventDefault();
  sending.add(form);
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) sending.delete(form);
});

// A quick way out, where a page has one: the page it leads to takes this one's place in the history.
const exit = document.querySelector("[data-quick-exit]");
const leave = (event) => {
  event.preventDefault();
  document.body.hidden = true;
  window.location.replace(exit.href);
};
exit?.addEventListener("click", leave);
if (exit?.dataset.quickExit === "key") {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave(event);
  });
  // Links within the page and the choice of a language leave no step to go back to either.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    window.location.replace(link.href);
  });
  document.querySelector(".languages")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = new FormData(event.target);
    body.set("language", event.submitter.value);
    const here = () => window.location.replace(window.location.pathname);
    fetch(event.target.action, { method: "POST", body, redirect: "manual" }).then(here, here);
  });
}

// On a phone the rail is wider than the screen: show where we are.
document.querySelector(".rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

watchCounters(document);
