// What was typed for a letter is forgotten once it is saved: this page comes after the server has stored it.
const key = `letter-${document.querySelector("[data-saved]").dataset.saved}`;

try {
  // Words that were typed and not sent off, in another tab or before the line broke, stay.
  if (JSON.parse(localStorage.getItem(key) || "null")?.sent) localStorage.removeItem(key);
} catch { /* nothing was kept */ }
