// The menu stays open in every window. Loaded before Alpine starts, which asks `theme` once.
// Where the menu stands beside the page, opening it narrows the page. Unfold takes that for another window and, in one of
// exactly 1280 px (a laptop at 150 %), closes the menu at once: only a window that has changed counts.
(() => {
  "use strict";
  const shipped = window.theme;
  if (!shipped) return;
  window.theme = (...given) => {
    const state = shipped(...given);
    const follow = state.themeBindings["x-resize.window"];
    let width = null;
    state.themeBindings["x-resize.window"] = function () {
      if (window.innerWidth === width) return;
      width = window.innerWidth;
      follow.call(this);
    };
    return state;
  };
})();
