// The button tells how many are ticked, as they are ticked.
window.behaviours = window.behaviours || {};
window.behaviours.gap = (form) => {
  const button = form.querySelector("button[data-one]");
  if (!button) return;
  const count = () => {
    const ticked = form.querySelectorAll("input[name=person]:checked").length;
    button.textContent = button.dataset.one.replace("{n}", ticked);
  };
  form.addEventListener("change", count);
  count();
};
