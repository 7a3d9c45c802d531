// Runs before the page is drawn, so that nothing flashes in the wrong colours.
(function () {
  "use strict";
  try {
    var chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (refused) {
    // Storage is off: the system decides.
  }
})();
