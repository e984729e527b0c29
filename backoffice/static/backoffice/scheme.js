// The scheme editor: dragging, dialogs, what stays unfolded. Without it every act is a form post.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);

  // Alpine's sort calls this when a line was dropped.
  window.boMove = (list, item, position) => {
    const values = { act: "move", place: position + 1 };
    values[list.dataset.key] = item;
    htmx.ajax("POST", list.dataset.url, { source: list, swap: "none", values });
  };

  // Parts of the page are replaced after an act: what was unfolded stays unfolded.
  const open = new Set();
  document.addEventListener("toggle", (event) => {
    if (event.target.id) open[event.target.open ? "add" : "delete"](event.target.id);
  }, true);
  document.body.addEventListener("htmx:oobAfterSwap", () => {
    open.forEach((id) => { const one = byId(id); if (one && !one.open) one.open = true; });
    typed.forEach((value, id) => {
      const field = byId(id);
      if (field) field[field.type === "checkbox" ? "checked" : "value"] = value;
    });
    texts.forEach((form, id) => byId(id)?.replaceChildren(form));
    texts.clear();
  });

  // What was typed elsewhere and not saved yet stays typed, and a unit's text that is being written stays there.
  const typed = new Map(), texts = new Map();
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.id && field.closest(".bo-guarded")) typed.set(field.id, field.type === "checkbox" ? field.checked : field.value);
  });
  const sent = new Map();  // form → what was typed in it: typed again when it did not arrive
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const own = [...form.elements].map((field) => field.id).filter((id) => typed.has(id));
    if (form.matches("[hx-post]")) sent.set(form, own.map((id) => [id, typed.get(id)]));
    own.forEach((id) => typed.delete(id));
    if (form.matches(".bo-unit-text")) form.dataset.sent = "1";
  });
  document.body.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
    if (!successful) {
      sent.get(elt)?.forEach(([id, value]) => { if (!typed.has(id)) typed.set(id, value); });
      if (elt.matches?.(".bo-unit-text")) delete elt.dataset.sent;
    }
    sent.delete(elt);
  });
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    event.detail.target.querySelectorAll(".bo-unit-text:not([data-sent])").forEach((form) => {
      texts.set(form.parentElement.id, form);
      form.remove();
    });
  });
  window.addEventListener("beforeunload", (event) => { if (typed.size) event.preventDefault(); });

  // … and whoever works by keyboard goes on where they were: at the same button, else at its line,
  // else at the line that took its place, else at the search.
  let pressed = null;
  document.addEventListener("submit", (event) => {
    const line = event.target.closest(".bo-line, .bo-set > li");
    pressed = {
      id: event.submitter?.id, line: line?.id, list: line?.closest("[id^=daftar-]")?.id,
      place: line ? [...line.parentElement.children].indexOf(line) : -1,
      adds: event.target.closest("#hasil-unit") ? "unit" : event.target.closest("[id^=tambah-]")?.id || "",
    };
  }, true);
  document.body.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) setTimeout(goOn); });
  const goOn = () => {
    if (!pressed || (document.activeElement && document.activeElement !== document.body)) return;
    const same = pressed.id && byId(pressed.id);
    const added = byId(pressed.adds);
    const target = pressed.adds === "unit" ? byId("cari-unit")
      : pressed.adds ? added?.querySelector("[aria-invalid]") || added?.querySelector("select")
      : same && !same.disabled ? same
      : (pressed.line && byId(pressed.line) || byId(pressed.list)?.querySelectorAll(".bo-line")[pressed.place])?.querySelector("summary, [aria-pressed=true]")
        || byId("cari-unit");
    target?.focus({ preventScroll: true });
    pressed = null;
  };

  // A line that is opened to be written is where one writes next.
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.matches?.(".bo-insert")) setTimeout(() => byId("tambah-baris")?.querySelector("select, textarea")?.focus());
  });

  // --- dialogs -------------------------------------------------------------------------------
  const dialog = byId("bo-act-dialog");
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "bo-act-body" || !dialog) return;
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[aria-invalid], input:not([type=hidden])")?.select();
  });
  document.addEventListener("click", (event) => {
    if (dialog?.open && event.target.closest("[data-close-dialog]")) { event.preventDefault(); dialog.close(); }
    const cancel = event.target.closest("[data-cancel-text]");
    if (cancel && !cancel.closest("[hx-disable]")) { event.preventDefault(); typed.clear(); window.location.reload(); }
  });

  // A code follows the title until somebody writes one.
  document.addEventListener("input", (event) => {
    const form = event.target.form, code = form?.elements.code;
    if (!code) return;
    if (event.target === code) code.dataset.own = "1";
    else if (event.target.name === "title" && !code.dataset.own) {
      code.value = event.target.value.normalize("NFKD").toLowerCase().replace(/[^a-z0-9\s-]/g, "").trim().replace(/[\s-]+/g, "-").slice(0, 55);
    }
  });

  // Enter in the search adds the one unit that was found, or leads to the first of several.
  document.addEventListener("submit", (event) => {
    const results = byId("hasil-unit");
    if (!event.target.matches(".bo-find") || results?.dataset.words !== byId("cari-unit").value.trim()) return;
    const offers = results.querySelectorAll("button");
    if (!offers.length) return;
    event.preventDefault();
    offers[0][offers.length === 1 ? "click" : "focus"]();
  });

  const complain = (words) => {
    const sign = byId("bo-sign");
    if (sign) { sign.textContent = words; sign.classList.add("is-refusal"); }
  };
  document.body.addEventListener("htmx:sendError", () => complain("Sambungan terputus: belum tersimpan. Coba lagi."));
  document.body.addEventListener("htmx:responseError", () => complain("Belum tersimpan. Muat ulang halaman, lalu coba lagi."));
})();
