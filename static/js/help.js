// A search on the page for help leaves no step in the browser's history: the answer takes the place of what is shown.
const form = document.querySelector("[data-help]");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      cache: "no-store",
      credentials: "omit",
      // Without its cookie the search would be answered in the browser's language, not in that of the page.
      headers: { "Accept-Language": document.documentElement.lang },
      referrerPolicy: "no-referrer",
    });
    if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".help-now", "#found"]) document.querySelector(part).replaceWith(page.querySelector(part));
    const errors = page.querySelector("[data-help] [data-errors]");
    form.querySelector("[data-errors]")?.remove();
    if (errors) form.prepend(errors);
    (errors ?? document.querySelector("#found")).focus();
  } catch {
    form.submit();
  } finally {
    button.disabled = false;
  }
});
