// <script src=".../embed.js" data-campaign="organisation/campaign"> puts the campaign's form into another site's page.
// A link to the campaign right before the script stays until the form has shown itself, and for good where it can't.
(() => {
  const script = document.currentScript;
  const site = new URL(script.src).origin;
  const [organization, campaign] = (script.dataset.campaign || "").split("/");
  if (!organization || !campaign) return;
  const query = new URLSearchParams({ host: location.origin, source: script.dataset.source || "embed" });
  if (script.dataset.lang) query.set("lang", script.dataset.lang);
  const frame = document.createElement("iframe");
  frame.src = `${site}/embed/${encodeURIComponent(organization)}/${encodeURIComponent(campaign)}/?${query}`;
  frame.title = script.dataset.title || document.title;
  frame.loading = "lazy";
  Object.assign(frame.style, { display: "block", width: "100%", height: "720px", border: "0" });
  const link = script.previousElementSibling;
  const isOurs = link && link.matches("a[href]") && new URL(link.href).origin === site;
  window.addEventListener("message", (event) => {
    // Only what our own frame says, from our own site, and only a height that a page can have.
    if (event.origin !== site || event.source !== frame.contentWindow) return;
    const height = Number(event.data && event.data.outspokenHeight);
    if (!(height > 0 && height < 20000)) return;
    frame.style.height = `${Math.ceil(height)}px`;
    if (isOurs) link.hidden = true;
  });
  script.after(frame);
})();
