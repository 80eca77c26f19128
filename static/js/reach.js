// Whom a rule reaches, shown while it is chosen.
for (const form of document.querySelectorAll("[data-reach]")) {
  const answer = form.querySelector("[data-reach-answer]");
  let asked = 0;

  const show = async () => {
    const mine = ++asked;
    const found = await fetch(form.dataset.reach, { method: "POST", body: new FormData(form) });
    // An answer that another choice has overtaken is left alone.
    if (found.ok && mine === asked) answer.innerHTML = await found.text();
  };

  form.addEventListener("change", show);
  // On a slow line somebody chooses before this runs; and browsers bring back what was chosen before.
  if ([...form.querySelectorAll("select")].some((one) => one.value)) show();
}
