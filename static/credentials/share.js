// Sends the address of the check page: by the phone's own sharing, else into the clipboard; else the link opens as it is.
window.behaviours.share = (element) => element.addEventListener("click", async (event) => {
  const url = element.href;
  if (!navigator.share && !navigator.clipboard) return;
  event.preventDefault();
  try {
    if (navigator.share) return await navigator.share({ title: element.dataset.title, url });
    await navigator.clipboard.writeText(url);
    element.querySelector("span").textContent = element.dataset.shared;
  } catch (fault) {
    if (fault.name !== "AbortError") window.location.assign(url);
  }
});
