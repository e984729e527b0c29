// The page “Berkas kasus”: files dropped or chosen become a list, each with its kind recognised by name, and
// are sent one by one: what fails stays in the list with the reason. Without it the plain form sends them all.
(() => {
  "use strict";
  const form = document.getElementById("bo-add-form");
  if (!form) return;
  const input = document.getElementById("bo-add-files");
  const list = document.getElementById("bo-add-list");
  const rows = list.querySelector(".bo-add-rows");
  const save = document.getElementById("bo-add-save");
  const clear = document.getElementById("bo-add-clear");
  const template = document.getElementById("bo-add-row");
  const kinds = form.querySelector("select[name=kind]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const waiting = new Map(); // row → file
  let presetKind = kinds.value;
  let busy = false;

  form.querySelector(".bo-add-fields").hidden = true;
  input.required = false;

  const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`);

  const add = async (files) => {
    const preset = presetKind;
    presetKind = "";
    const fresh = [...files].map((file) => {
      const row = template.content.firstElementChild.cloneNode(true);
      row.querySelector("strong").textContent = file.name;
      row.querySelector(".bo-add-name .bo-muted").textContent = size(file.size);
      const select = row.querySelector("select");
      select.replaceChildren(...[...kinds.children].map((option) => option.cloneNode(true)));
      select.options[0].textContent = list.dataset.choose;
      select.value = preset;
      select.setAttribute("aria-label", file.name);
      rows.append(row);
      waiting.set(row, file);
      return row;
    });
    list.hidden = !waiting.size;
    refresh();
    if (!fresh.length || preset) return;
    const names = new URLSearchParams();
    fresh.forEach((row) => names.append("name", waiting.get(row).name));
    try {
      const answer = await fetch(form.action, { method: "POST", body: names, headers: { "X-CSRFToken": token, Accept: "application/json" } });
      const found = await answer.json();
      fresh.forEach((row) => {
        const select = row.querySelector("select");
        const code = found[waiting.get(row)?.name];
        if (!select.value && code && [...select.options].some((option) => option.value === code)) select.value = code;
      });
    } catch { /* not recognised: chosen by hand */ }
    refresh();
  };

  const refresh = () => {
    save.disabled = busy || !waiting.size;
    for (const row of waiting.keys()) row.dataset.tone = row.querySelector("select").value ? "" : "amber";
  };

  const send = (row, file) => new Promise((done) => {
    const note = row.querySelector(".bo-state");
    if (!row.querySelector("select").value) {
      note.textContent = list.dataset.unknown;
      note.classList.add("bo-error");
      row.dataset.tone = "red";
      return done(false);
    }
    const bar = row.querySelector("progress");
    const data = new FormData();
    data.append("csrfmiddlewaretoken", token);
    data.append("files", file);
    data.append("kind", row.querySelector("select").value);
    data.append("valid_until", row.querySelector("input[type=date]").value);
    if (row.querySelector("input[type=checkbox]").checked) data.append("beside", "1");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => { bar.value = event.loaded / event.total; };
    bar.hidden = false;
    note.className = "bo-state";
    note.textContent = list.dataset.sends;
    const remove = row.querySelector("[data-remove]");
    remove.disabled = true;  // it is on its way
    request.onloadend = () => {
      remove.disabled = false;
      const told = request.status === 200 && request.response ? request.response.files[0] : null;
      bar.hidden = true;
      note.textContent = told ? told.text : list.dataset.failed;
      row.dataset.tone = told && told.ok ? "success" : "red";
      if (told && told.ok) {
        waiting.delete(row);
        row.querySelectorAll("label, [data-remove]").forEach((part) => part.remove());
      } else {
        note.classList.add("bo-error");
      }
      done(Boolean(told && told.ok));
    };
    request.send(data);
  });

  const redraw = async () => {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelectorAll("[data-redraw]").forEach((part) => part.replaceWith(page.getElementById(part.id) || part));
  };

  save.addEventListener("click", async () => {
    busy = true;
    refresh();
    for (const row of waiting.keys()) row.querySelector(".bo-state").textContent = list.dataset.waits;
    let kept = 0;
    clear.disabled = true;  // what became of each file is to be seen
    for (const [row, file] of [...waiting]) if (waiting.has(row)) kept += await send(row, file);  // taken out meanwhile?
    busy = clear.disabled = false;
    if (kept) await redraw().catch(() => location.reload());
    save.disabled = !waiting.size;
  });
  clear.addEventListener("click", () => {
    waiting.clear();
    rows.replaceChildren();
    list.hidden = true;
  });
  rows.addEventListener("click", (event) => {
    const row = event.target.closest("[data-remove]")?.closest("li");
    if (!row) return;
    waiting.delete(row);
    row.remove();
    list.hidden = !rows.children.length;
    refresh();
  });
  rows.addEventListener("change", refresh);
  const take = () => {
    add(input.files);
    input.value = "";
  };
  form.addEventListener("change", (event) => { // caught on the way: Unfold looks for a text box beside every file input
    if (event.target !== input) return;
    event.stopPropagation();
    take();
  }, true);
  if (input.files.length) take(); // chosen before this script came
  form.addEventListener("submit", (event) => event.preventDefault());

  // "Tambah" on a line asks for files of that kind at once.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-add-kind]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    presetKind = link.dataset.addKind;
    document.getElementById("tambah").scrollIntoView({ block: "nearest" });
    input.click();
  });

  // --- dropping: anywhere on the page -------------------------------------------------------------
  let depth = 0;
  const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  const mark = (on) => document.querySelector(".bo-add-drop").classList.toggle("is-over", on);
  document.addEventListener("dragenter", (event) => { if (hasFiles(event)) { depth += 1; mark(true); } });
  document.addEventListener("dragleave", (event) => { if (hasFiles(event) && !(depth = Math.max(0, depth - 1))) mark(false); });
  document.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    mark(false);
    const slot = event.target.closest?.(".bo-slot")?.querySelector("[data-add-kind]");
    if (slot) presetKind = slot.dataset.addKind; // dropped on a line: of its kind
    add(event.dataTransfer.files);
  });
  window.addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });
})();
