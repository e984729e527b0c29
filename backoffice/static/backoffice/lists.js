// Lists: rows unfold in place, dialogs of the saved views, labels for the cards on a phone. Without it
// each link opens a page of its own.
(() => {
  "use strict";
  const ready = (run) => document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", run) : run();
  const part = (address) => fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" })
    .then((answer) => answer.ok ? answer.text() : Promise.reject(answer.status));

  ready(() => {
    // Unfold's filter button is a link to nowhere, which the keyboard cannot reach.
    document.querySelectorAll(".filter-open-button").forEach((button) => {
      button.tabIndex = 0;
      button.setAttribute("role", "button");
      button.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); button.click(); }
      });
    });
    // The heading of each column, for the cards.
    const table = document.getElementById("result_list");
    if (table) {
      const titles = [...table.querySelectorAll("thead th")].map((cell) => cell.querySelector(".text")?.textContent.trim() || "");
      table.querySelectorAll("tr.data-row").forEach((row) => [...row.children].forEach((cell, place) => {
        if (titles[place]) cell.dataset.label = titles[place];
      }));
    }
  });

  // --- a row's evidence, asked for when it is unfolded ----------------------------------------
  const unfold = (link) => {
    const row = link.closest("tr");
    let below = row.nextElementSibling;
    if (!below?.matches(".bo-unfold-row")) {
      below = document.createElement("tr");
      below.className = "bo-unfold-row";
      below.hidden = true;
      const cell = document.createElement("td");
      cell.colSpan = row.children.length;
      cell.id = link.getAttribute("aria-controls");
      cell.textContent = "Memuat…";
      below.append(cell);
      row.after(below);
      part(link.href).then((text) => { cell.innerHTML = text; }, () => {
        cell.textContent = "Tidak dapat dimuat. Periksa sambungan, lalu coba lagi.";
        below.classList.add("is-broken");
      });
    } else if (below.classList.contains("is-broken")) {
      below.parentNode.removeChild(below);
      return unfold(link);
    }
    below.hidden = !below.hidden;
    link.setAttribute("aria-expanded", String(!below.hidden));
  };

  // --- dialogs ----------------------------------------------------------------------------------
  const open = (link) => part(link.href).then((text) => {
    const dialog = document.getElementById("bo-list-dialog");
    dialog.innerHTML = text;
    dialog.showModal();
    dialog.querySelector("[autofocus]")?.focus();
  }, () => { window.location = link.href; });

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const unfolds = event.target.closest("[data-unfold]");
    const asks = event.target.closest("[data-dialog]");
    const closes = event.target.closest("#bo-list-dialog [data-close-dialog]");
    if (unfolds || asks || closes) event.preventDefault();
    if (unfolds) unfold(unfolds);
    else if (asks) open(asks);
    else if (closes) closes.closest("dialog").close();
  });
})();
