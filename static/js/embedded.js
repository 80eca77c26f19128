// Inside another site's page: say how tall the form is, to that site alone.
const host = document.querySelector("[data-host]").dataset.host;
if (host && window.parent !== window) {
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    window.parent.postMessage({ outspokenHeight: height }, host);
  };
  new ResizeObserver(tell).observe(document.body);
  tell();
}
