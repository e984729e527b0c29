// Filling in a paper: each change is kept as it is made (htmx), and a dead link loses nothing. What is not kept yet
// lies in this tab until the server has it: it survives a reload and a log-in, and is sent when the link is back.
// Without this script the button “Simpan” keeps the page.
(() => {
  "use strict";
  const paper = location.pathname.match(/berkas\/(\d+)\//)?.[1];
  const shelf = `berkas:${paper}`;
  const attempt = (act) => { try { return act(); } catch { return null; } };  // storage may be forbidden
  const drop = () => attempt(() => sessionStorage.removeItem(shelf));
  const form = document.getElementById("bo-paper-form");
  if (!form) { drop(); return; }  // the page to sign, or to read: the server has it all

  const edit = () => document.getElementById("bo-paper-edit");
  const said = () => document.getElementById("bo-paper-saved");
  const inputs = () => [...form.elements].filter((el) => el.name && !/hidden|submit|button/.test(el.type));
  const slot = (el) => (/radio|checkbox/.test(el.type) ? `${el.name}=${el.value}` : el.name);
  const part = (el) => (/radio|checkbox/.test(el.type) ? "checked" : "value");
  const send = () => form.dispatchEvent(new Event("input", { bubbles: true }));
  const put = (isSent) => attempt(() => sessionStorage.setItem(shelf, JSON.stringify({
    person: form.dataset.person, edit: edit().value, isSent, values: Object.fromEntries(inputs().map((el) => [slot(el), el[part(el)]])),
  })));

  // A whole page that was sent has arrived when the paper's count went on; then it is here already.
  const stored = attempt(() => JSON.parse(sessionStorage.getItem(shelf)));
  if (stored && stored.person !== form.dataset.person) drop();  // somebody else was here before, on the same computer
  else if (stored && stored.isSent && stored.edit !== edit().value) drop();
  else if (stored) {
    const differing = inputs().filter((el) => slot(el) in stored.values && stored.values[slot(el)] !== el[part(el)]);
    differing.forEach((el) => { el[part(el)] = stored.values[slot(el)]; });
    if (differing.length) {
      edit().value = stored.edit;  // if another phone saved meanwhile, that is said and nothing is overwritten
      said().textContent = said().dataset.restored;
      addEventListener("load", send);
    } else drop();
  }

  const fail = () => {
    said().textContent = said().dataset.failed;
    said().className = "bo-error";
  };
  form.addEventListener("input", () => put(false));
  form.addEventListener("htmx:sendError", fail);
  form.addEventListener("htmx:responseError", fail);
  addEventListener("online", () => { if (said().classList.contains("bo-error")) send(); });

  // A button that is pressed while a change is being kept waits for it: otherwise the two would meet as two tabs do.
  let underWay = 0, waiting = null, isSent = false;
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (isSent) event.preventDefault();
    else underWay += 1;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    underWay = Math.max(0, underWay - 1);
    if (event.detail.successful && !said().classList.contains("bo-error")) drop();
    if (!waiting || underWay) return;
    const button = waiting;
    waiting = null;
    form.requestSubmit(button);
  });
  form.addEventListener("submit", (event) => {
    if (isSent || underWay || !navigator.onLine) event.preventDefault();
    if (isSent) return;
    if (!navigator.onLine) { put(false); fail(); return; }
    if (underWay) { waiting = event.submitter; return; }
    put(true);
    isSent = true;
  });
  addEventListener("pageshow", () => { isSent = false; });
})();
