// The roll: a tap that was not stored is said so; nothing else looks as if it had been.
(() => {
  "use strict";
  const strip = () => document.getElementById("chua-ghi");
  const show = (hidden) => { if (strip()) strip().hidden = hidden; };
  document.addEventListener("htmx:error", () => show(false));
  document.addEventListener("htmx:response:error", () => show(false));
  document.addEventListener("htmx:after:swap", () => show(true));
})();
