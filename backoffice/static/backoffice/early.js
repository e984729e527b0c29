// What somebody chose or wrote before the scripts came (a slow link) is kept like what they do afterwards: it is told to
// the part of the page that saves itself. What a browser puts back (a reload, the way back) is older than the page.
(() => {
  "use strict";
  const isChanged = (el) => {
    if (/^(radio|checkbox)$/.test(el.type)) return el.checked !== el.defaultChecked;
    if (el.options) return el.selectedIndex > 0 && !el.options[el.selectedIndex].defaultSelected;
    return !/^(hidden|file|submit|button)$/.test(el.type) && el.value !== el.defaultValue;
  };

  document.addEventListener("DOMContentLoaded", () => {  // htmx, which came before us, listens by now
    if (["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type)) return;
    for (const part of document.querySelectorAll("[hx-post][hx-trigger]")) {
      const [kind] = part.getAttribute("hx-trigger").match(/^(change|input)/) || [];
      const field = kind && [...part.querySelectorAll("input, select, textarea")].find(isChanged);
      field?.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  });
})();
