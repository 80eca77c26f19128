// Says in words what a browser only tells its console: the passkey was not used.
const trouble = document.querySelector("[data-passkey-trouble]");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  trouble.hidden = false;
});
