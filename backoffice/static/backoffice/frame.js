// The boxes that Select2 draws have no name for a screen reader: they get that of their field.
(() => {
  "use strict";
  const words = (select) =>
    (select.labels[0]?.textContent || select.getAttribute("aria-label") || select.dataset.placeholder || "")
      .replace("*", "").trim();

  const nameBoxes = (within) => {
    for (const select of within.querySelectorAll("select.select2-hidden-accessible")) {
      const box = select.parentElement.querySelector(".select2-selection");
      const name = words(select);
      if (!box || !name) continue;
      box.removeAttribute("aria-labelledby");
      for (const part of [box, box.querySelector("[role=textbox]")]) part?.setAttribute("aria-label", name);
    }
  };

  window.django?.jQuery?.(() => nameBoxes(document)); // after those who waited before us, and drew the boxes
  document.addEventListener("formset:added", (event) => setTimeout(() => nameBoxes(event.target)));
})();

// Unfold writes the name of a chosen file into the text field that it draws beside its own. Ours have none: there it
// stumbled, or, in a dialog, wrote into the first text field of the page. This is read before its own watch begins.
(() => {
  "use strict";
  const spare = () => {
    for (const field of document.querySelectorAll("input[type=file]"))
      field.hasChangeListener ||= ![...field.labels].some((label) => label.querySelector("input[type=text]"));
  };
  spare();
  new MutationObserver(spare).observe(document.body, { childList: true, subtree: true });
})();

// A dialog that cannot be fetched opens as the page that it is without scripts; one whose button came to nothing says so.
(() => {
  "use strict";
  const fail = (words) => (event) => {
    const { target, requestConfig } = event.detail;
    if (target?.id !== "bo-act-body") return;
    if (requestConfig.verb === "get") { window.location.href = requestConfig.path; return; }
    let line = target.querySelector("[data-failed]");
    if (!line) {
      line = Object.assign(document.createElement("p"), { className: "bo-error" });
      line.dataset.failed = "";
      line.setAttribute("role", "alert");
      target.querySelector(".bo-row-buttons")?.before(line);
    }
    line.textContent = words;
  };
  document.body.addEventListener("htmx:sendError", fail("Sambungan terputus: belum tersimpan. Coba lagi."));
  document.body.addEventListener("htmx:responseError", fail("Belum tersimpan. Muat ulang halaman, lalu coba lagi."));
})();
