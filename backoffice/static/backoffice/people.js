// A long list of people to choose from narrows while one types: every word must stand somewhere in a line (name,
// number, workplace, what hinders). Whoever is chosen stays in sight. Without it one scrolls.
(() => {
  "use strict";
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const lines = (field) => [...document.getElementById(field.getAttribute("aria-controls")).querySelectorAll(".bo-person")];
  const isMeant = (event) => event.target.matches?.("[data-people-search]");

  document.addEventListener("input", (event) => {
    if (!isMeant(event)) return;
    const words = plain(event.target.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const line of lines(event.target)) {
      const fits = words.every((word) => plain(line.textContent).includes(word));
      line.hidden = !fits && !line.querySelector("input:checked");
      found += fits;
    }
    const said = event.target.parentElement.querySelector("[role=status]");
    said.textContent = !words.length ? "" : found ? said.dataset.found.replace("0", found) : said.dataset.none;
  });

  // Enter chooses the only one that is left; it never sends the form.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !isMeant(event)) return;
    event.preventDefault();
    const free = lines(event.target).filter((line) => !line.hidden).map((line) => line.querySelector("input:enabled")).filter(Boolean);
    if (free.length === 1) free[0].checked = true;
  });
})();
