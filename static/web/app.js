// What pages gain from a script; each works without it. Behaviours are attached by data attributes.
(() => {
  "use strict";
  const find = (selector, root = document) => [...root.querySelectorAll(selector)];
  const behaviours = {
    // A select or tick that sends its form when it changes.
    "send-on-change": (element) => element.addEventListener("change", () => element.form.requestSubmit()),
    // Filters a list as one types, without marks.
    "filter": (element) => {
      const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
      element.addEventListener("input", () => {
        for (const item of find(element.dataset.filter)) item.hidden = !plain(item.textContent).includes(plain(element.value));
      });
    },
    // Prints the page.
    "print": (element) => { element.hidden = false; element.addEventListener("click", () => window.print()); },
    // Ticks all boxes of its form.
    "tick-all": (element) => { element.hidden = false; element.addEventListener("click", () => { for (const box of find("input[type=checkbox]", element.form)) box.checked = true; }); },
    // Leaves quickly to a neutral page and does not keep this one in the history.
    "leave": (element) => element.addEventListener("click", (event) => { event.preventDefault(); window.location.replace(element.href); }),
    // A toast goes by itself.
    "fade": (element) => setTimeout(() => element.remove(), 10000),
  };
  const start = (root) => {
    for (const element of [...(root.matches?.("[data-behaviour]") ? [root] : []), ...find("[data-behaviour]", root)]) {
      if (element.dataset.started) continue;
      element.dataset.started = "1";
      for (const name of element.dataset.behaviour.split(" ")) behaviours[name]?.(element);
    }
  };
  window.behaviours = behaviours;
  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:after:swap", () => start(document));
  document.documentElement.classList.add("has-script");
})();
