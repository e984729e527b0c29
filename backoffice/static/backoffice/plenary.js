// The screen of a plenary: dialogs of the acts, and the note that a differing decision needs. Without
// it acts open as pages, and a note that is missing is asked for by the server.
(() => {
  "use strict";
  const dialog = document.getElementById("bo-act-dialog");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-act-dialog]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      if (changed && !window.confirm("Keputusan yang baru Anda pilih belum disimpan. Teruskan tanpa menyimpan?")) return;
      htmx.ajax("GET", link.href, { source: document.querySelector(".bo-case"), target: "#bo-act-body" });
    } else if (dialog?.open && event.target.closest("[data-close-dialog]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "bo-act-body" && dialog && !dialog.open) dialog.showModal();
  });

  let changed = false;
  const look = (row) => {
    const chosen = row.querySelector("input[type=radio]:checked");
    const differs = Boolean(chosen) && chosen.value !== row.dataset.recommended;
    row.toggleAttribute("data-differs", differs);
    const note = row.querySelector("textarea");
    note.toggleAttribute("required", differs);
  };
  document.querySelectorAll("fieldset.bo-agenda-row").forEach(look);
  document.querySelector("form.bo-agenda")?.addEventListener("input", (event) => {
    changed = true;
    const row = event.target.closest(".bo-agenda-row");
    if (row) look(row);
  });
})();
