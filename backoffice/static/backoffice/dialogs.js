// Acts that open in a dialog, on pages other than the verification screen (case.js has its own).
// Without it the links lead to pages of their own.
(() => {
  "use strict";
  const page = document.querySelector("[data-dialogs]");
  const dialog = document.getElementById("bo-act-dialog");
  if (!page || !dialog || !window.htmx) return;

  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-act-dialog]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      htmx.ajax("GET", link.href, { source: page, target: "#bo-act-body" });
    }
    if (dialog.open && event.target.closest("[data-close-dialog]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "bo-act-body" && !dialog.open) dialog.showModal();
  });
})();
