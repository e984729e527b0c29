// Filling in a paper: says when a change could not be kept. Without it (and without HTMX) the button saves.
(() => {
  "use strict";
  const fail = () => {
    const note = document.getElementById("bo-paper-saved");
    if (!note) return;
    note.textContent = note.dataset.failed;
    note.className = "bo-error";
  };
  document.body.addEventListener("htmx:sendError", fail);
  document.body.addEventListener("htmx:responseError", fail);
})();
