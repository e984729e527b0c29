// The board of a session: dragging does what ticking and a button do. Without it one ticks.
(() => {
  "use strict";
  const board = document.querySelector(".bo-session");
  if (!board) return;
  const side = (name) => board.querySelector(`form[data-side="${name}"]`);
  const [waiting, seated] = [side("waiting"), side("seated")];
  const ticked = (form) => [...form.querySelectorAll('input[name="case"]:checked')];
  const say = (text) => { document.getElementById("bo-said").textContent = text; };

  board.querySelector(".bo-refusal")?.focus();

  // The button says how many it means.
  const count = (form) => {
    const button = form.querySelector('button:not([name]), button[value="unplace"]');
    if (!button) return;
    button.dataset.words ||= button.textContent;
    const n = ticked(form).length;
    button.textContent = n ? `${button.dataset.words} (${n})` : button.dataset.words;
  };
  // One tick for all: the topmost, as many as find a seat.
  for (const box of board.querySelectorAll("[data-tick-all]")) {
    const form = box.closest("form");
    box.parentElement.hidden = false;
    box.addEventListener("change", () => {
      const free = [...form.querySelectorAll('input[name="case"]:not(:disabled)')];
      free.forEach((one, place) => { one.checked = box.checked && place < (box.dataset.most ?? free.length); });
    });
  }
  for (const form of [waiting, seated]) if (form) { form.addEventListener("change", () => count(form)); count(form); }
  board.addEventListener("submit", (event) => {  // a second click does nothing
    if (event.target.dataset.sent) event.preventDefault();
    else if (event.target.method === "post") event.target.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => { for (const form of [waiting, seated]) if (form) delete form.dataset.sent; });

  if (!waiting) return;
  let held = null;  // the form a row was taken from
  board.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.(".bo-seat[draggable]");
    if (!row) return;
    held = row.closest("form");
    row.querySelector('input[name="case"]').checked = true;  // with whatever else is ticked
    count(held);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.dataset.case);
    board.dataset.drag = held.dataset.side;
  });
  board.addEventListener("dragend", () => { held = null; delete board.dataset.drag; mark(null); });

  const place = (target) => {
    if (!held) return null;
    if (held === waiting) return target.closest("#peserta");
    return target.closest(".bo-other") || target.closest("#menunggu");
  };
  const mark = (spot) => {
    board.querySelectorAll(".is-over").forEach((one) => one !== spot && one.classList.remove("is-over"));
    spot?.classList.add("is-over");
  };
  board.addEventListener("dragover", (event) => {
    const spot = place(event.target);
    if (spot) event.preventDefault();
    mark(spot);
  });
  board.addEventListener("drop", (event) => {
    const spot = place(event.target);
    if (!spot) return;
    event.preventDefault();
    if (held === waiting) { waiting.requestSubmit(); return; }
    const button = (act) => seated.querySelector(`button[value="${act}"]`);
    if (spot.dataset.target) {
      spot.querySelector("input").checked = true;
      seated.requestSubmit(button("move"));
    } else {
      const reason = document.getElementById("id_reason");
      if (reason.value.trim()) { seated.requestSubmit(button("unplace")); return; }
      reason.focus();  // who was invited is told why
      say(document.querySelector('label[for="id_reason"]').textContent);
    }
  });
})();
