// The sheet of results: each tap is kept at once (htmx), the sum runs along, methods follow from unit to unit.
// Without it the buttons "Semua K", "Simpan draf" and "Periksa dan tanda tangani" do the same with whole pages.
(() => {
  "use strict";
  const form = document.getElementById("hasil");
  if (!form) return;
  const units = () => [...form.querySelectorAll(".bo-judge")];
  const outcome = (unit) => unit.querySelector(".bo-kbk-big input:checked")?.value || "";
  const counted = (unit) => outcome(unit) || unit.dataset.found;
  const chips = (unit) => [...unit.querySelectorAll(".bo-chip-row input")];
  units().forEach((unit) => { unit.dataset.found = outcome(unit) ? "" : unit.dataset.outcome; });

  // Between two methods there is a moment without any: it is said at the unit and kept when there is one again.
  const lacking = () => units().map((unit) => {
    const lacks = Boolean(outcome(unit)) && !chips(unit).some((box) => box.checked);
    unit.querySelector(".bo-judge-lacks").hidden = !lacks;
    return lacks;
  }).some(Boolean);

  const sum = () => {
    const all = units().map(counted);
    const line = document.getElementById("hasil-ringkas");
    const judged = all.filter(Boolean).length;
    line.querySelector("strong").textContent = judged;
    line.querySelector(".bo-k").textContent = `K ${all.filter((one) => one === "K").length}`;
    line.querySelector(".bo-bk").textContent = `BK ${all.filter((one) => one === "BK").length}`;
    const rest = form.querySelector("[data-rest]");
    rest.hidden = judged === all.length;
    rest.textContent = judged ? rest.dataset.some : rest.dataset.none;
  };

  form.querySelector("[data-rest]").addEventListener("click", (event) => {
    event.preventDefault();
    units().filter((unit) => !counted(unit)).forEach((unit) => { unit.querySelector("[value=K]").checked = true; });
    sum();
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });

  form.addEventListener("change", (event) => {
    const unit = event.target.closest?.(".bo-judge");
    if (unit && event.target.type === "checkbox") {  // what is not judged yet takes the methods last used
      const chosen = new Set(chips(unit).filter((box) => box.checked).map((box) => box.value));
      units().filter((other) => other !== unit && !outcome(other)).forEach((other) => {
        chips(other).forEach((box) => { box.checked = chosen.has(box.value); });
      });
    }
    sum();
  });

  const broken = () => {
    const line = document.getElementById("hasil-keadaan");
    line.textContent = "Sambungan terputus: belum tersimpan. Isian tetap di layar; tekan “Simpan draf” bila sambungan kembali.";
    line.classList.add("bo-error");
  };
  document.body.addEventListener("htmx:sendError", broken);
  document.body.addEventListener("htmx:responseError", broken);
  document.body.addEventListener("htmx:afterRequest", (event) => {  // a refusal is shown where the thumb is
    const refused = event.detail.successful && document.querySelector("#hasil-keadaan .bo-error");
    if (refused) refused.scrollIntoView({ block: "center", behavior: "smooth" });
  });

  // A button that is pressed while a tap is still being kept waits for it: otherwise the two would meet as
  // two tabs do. A second press does nothing.
  let underWay = 0, waiting = null, isSent = false;
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (isSent || lacking()) event.preventDefault();
    else underWay += 1;
  });
  document.body.addEventListener("htmx:afterRequest", () => {
    underWay = Math.max(0, underWay - 1);
    if (!waiting || underWay) return;
    const button = waiting;
    waiting = null;
    form.requestSubmit(button);
  });
  form.addEventListener("submit", (event) => {
    if (underWay) { event.preventDefault(); waiting = event.submitter; }
    else if (isSent) event.preventDefault();
    else if (!navigator.onLine) { event.preventDefault(); broken(); }  // the browser's own page would take all of it away
    else isSent = true;
  });
  window.addEventListener("pageshow", () => { isSent = false; });
})();
