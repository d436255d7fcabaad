// The roll: a tap that was not stored is said so, on its line and above; nothing else looks as if it had been.
(() => {
  "use strict";
  const strip = () => document.getElementById("chua-ghi");
  const taps = (state) => document.querySelectorAll(`.mark[data-${state}]`);
  const tell = () => { if (strip()) strip().hidden = !taps("unsaved").length; };
  const failed = () => {
    for (const mark of taps("sending")) {
      delete mark.dataset.sending;
      mark.dataset.unsaved = "";
    }
    tell();
  };
  document.addEventListener("click", (tap) => {
    const mark = tap.target.closest("button.mark");
    if (mark) mark.dataset.sending = "";
  });
  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:response:error", failed);
  // A stored mark comes back as a new button, which carries neither word.
  document.addEventListener("htmx:after:swap", tell);
})();
