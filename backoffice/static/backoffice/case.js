// The verification screen: evidence viewer, dialogs of the acts, keyboard. Without it files open in
// a new tab, acts open as pages and "Simpan semua penilaian" saves.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const wide = window.matchMedia("(min-width: 1024px)");
  const viewer = byId("bo-viewer");
  if (!viewer) return;
  const stage = byId("bo-viewer-stage");
  viewer.hidden = false;

  // --- viewer --------------------------------------------------------------------------------
  let place = -1, zoom = 1, turn = 0, opener = null;

  const files = () => {
    const seen = new Set();
    return [...document.querySelectorAll("a[data-evidence]")].filter((a) => !seen.has(a.href) && seen.add(a.href));
  };

  const draw = () => {
    const picture = stage.querySelector("img");
    if (!picture) return;
    const sideways = turn % 180 !== 0;
    const room = { width: stage.clientWidth - 16, height: stage.clientHeight - 16 };
    const width = sideways ? picture.naturalHeight : picture.naturalWidth;
    const height = sideways ? picture.naturalWidth : picture.naturalHeight;
    const fit = Math.min(room.width / width, room.height / height, 1) * zoom;
    const frame = picture.parentElement;
    frame.style.width = `${width * fit}px`;
    frame.style.height = `${height * fit}px`;
    picture.style.width = `${picture.naturalWidth * fit}px`;
    picture.style.height = `${picture.naturalHeight * fit}px`;
    picture.style.transform = `translate(-50%, -50%) rotate(${turn}deg)`;
  };

  const show = (link) => {
    const all = files();
    place = all.findIndex((a) => a.href === link.href);
    zoom = 1; turn = 0;
    byId("bo-viewer-title").textContent = link.dataset.title;
    byId("bo-viewer-place").textContent = `${place + 1}/${all.length}`;
    byId("bo-viewer-tab").href = link.href;
    viewer.dataset.kind = link.dataset.kind;
    stage.replaceChildren();
    if (link.dataset.kind === "image") {
      const frame = document.createElement("div");
      frame.className = "bo-picture";
      const picture = new Image();
      picture.alt = link.dataset.title;
      picture.onload = draw;
      picture.src = link.href;
      frame.append(picture);
      stage.append(frame);
    } else {
      const frame = document.createElement("iframe");
      frame.title = link.dataset.title;
      frame.src = link.href + "#navpanes=0&view=FitH";
      stage.append(frame);
    }
    document.querySelectorAll("a[data-evidence].is-shown").forEach((a) => a.classList.remove("is-shown"));
    document.querySelectorAll("a[data-evidence]").forEach((a) => a.href === link.href && a.classList.add("is-shown"));
    if (wide.matches) return;
    const isOpen = viewer.classList.contains("is-open");
    opener = link;
    viewer.classList.add("is-open");
    document.documentElement.classList.add("bo-locked");
    if (!isOpen) viewer.querySelector("[data-viewer=close]").focus();  // it lies over the page: whoever cannot see that is in it, too
  };

  const close = () => {
    viewer.classList.remove("is-open");
    document.documentElement.classList.remove("bo-locked");
    if (opener) opener.focus();
  };

  const step = (by) => {
    const all = files();
    if (all.length) show(all[(place + by + all.length) % all.length]);
  };

  const tools = {
    prev: () => step(-1), next: () => step(1), close,
    in: () => { zoom = Math.min(zoom * 1.4, 8); draw(); },
    out: () => { zoom = Math.max(zoom / 1.4, 0.3); draw(); },
    fit: () => { zoom = 1; draw(); },
    turn: () => { turn = (turn + 90) % 360; draw(); },
  };

  document.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-viewer]");
    if (tool) return tools[tool.dataset.viewer]();
    const link = event.target.closest("a[data-evidence]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // A browser that shows no PDF in a page (phones) opens it beside.
    if (link.dataset.kind === "pdf" && navigator.pdfViewerEnabled === false) return;
    event.preventDefault();
    show(link);
  });
  window.addEventListener("resize", draw);

  // The first file of the requirements stands ready on a wide screen; looking at it is recorded as
  // any other look, so only for whoever has this case in hand.
  const first = document.querySelector(".bo-check .bo-choices") && document.querySelector(".bo-check a[data-evidence]");
  if (first && wide.matches) show(first);

  // --- acts ----------------------------------------------------------------------------------
  const dialog = byId("bo-act-dialog");
  // Asked for by the page and not by the link: a verdict that is being saved redraws the links, and a
  // request whose link is gone by the time it is its turn would never be sent.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-act-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    htmx.ajax("GET", link.href, { source: document.querySelector(".bo-case"), target: "#bo-act-body" });
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "bo-act-body" && dialog && !dialog.open) dialog.showModal();
  });
  document.addEventListener("click", (event) => {
    if (dialog && dialog.open && event.target.closest("[data-close-dialog]")) { event.preventDefault(); dialog.close(); }
  });
  document.addEventListener("input", (event) => {  // writing a note names its part
    const box = event.target.closest(".bo-part")?.querySelector("input[type=checkbox]");
    if (box && event.target.tagName === "TEXTAREA" && event.target.value.trim()) box.checked = true;
  });
  document.addEventListener("submit", (event) => {  // a second click does nothing
    if (event.target.dataset.sent) event.preventDefault();
    else if (event.target.matches("#bo-acts form")) event.target.dataset.sent = "1";
  });
  const complain = (event, words) => {  // at the requirement that was meant, wherever the hand is by now
    const part = event.detail.elt.closest?.(".bo-req, #rekomendasi");
    if (!part) return;
    let line = part.querySelector(".bo-state");
    if (!line) {  // the advice of a pre-assessment has none of its own
      line = Object.assign(document.createElement("p"), { className: "bo-state" });
      line.setAttribute("role", "alert");
      part.append(line);
    }
    line.textContent = words;
    line.classList.add("bo-error");
  };
  document.body.addEventListener("htmx:beforeRequest", (event) => event.detail.elt.querySelector?.(":scope > .bo-state[role=alert]")?.remove());
  document.body.addEventListener("htmx:sendError", (event) => complain(event, "Sambungan terputus: penilaian ini belum tersimpan. Coba lagi."));
  document.body.addEventListener("htmx:responseError", (event) => complain(event, "Belum tersimpan. Muat ulang halaman, lalu coba lagi."));

  // --- keyboard: [ and ] through the files, 1–3 judge the requirement in focus -----------------
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && viewer.classList.contains("is-open")) return close();
    if (event.target.closest("input[type=text], textarea, select, dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "[") step(-1);
    else if (event.key === "]") step(1);
    else if ("123".includes(event.key)) event.target.closest(".bo-req")?.querySelectorAll("input[type=radio]")[event.key - 1]?.click();
  });
})();
