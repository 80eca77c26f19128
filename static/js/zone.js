// The hours of an event on the reader's own clock as well, where that shows another time than the event's.
const written = (moment, timeZone) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeStyle: "short", timeZone }).format(moment);

for (const node of document.querySelectorAll("[data-own-clock]")) {
  const moment = new Date(node.dataset.begins);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (written(moment, own) === written(moment, node.dataset.zone)) continue;
  node.textContent = `${node.dataset.label} ${written(moment, own)}`;
  node.hidden = false;
}
