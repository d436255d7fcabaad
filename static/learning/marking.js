// Marking without waiting: the next two works are fetched while this one is read; keys 1 to 4 choose, n goes on.
(() => {
  "use strict";
  const form = () => document.getElementById("cham");
  const rows = () => [...form().querySelectorAll("[data-row]")];
  const chosen = (row) => row.querySelector("input:checked");
  const path = (address) => new URL(address, window.location).pathname;
  const ready = new Map();

  // What the points come to, at once.
  const sum = () => {
    const say = form().dataset, line = form().querySelector("[data-sum]");
    if (!rows().every(chosen)) return;
    const points = rows().reduce((all, row) => all + Number(row.dataset.points) * Number(chosen(row).value), 0) / 3;
    const exact = Math.round(points * 100 + 1e-9) / 100;
    line.textContent = `${say.sayPoints.replace("{points}", String(exact).replace(".", ","))} ${exact >= Number(say.needed) ? say.sayGood : say.sayAgain}`;
  };
  const choose = (row, step) => { const field = row.querySelectorAll("input")[step]; if (field) field.checked = true; };
  const notice = (sentence) => {
    const line = document.createElement("p"), place = form().querySelector("[data-told]");
    line.className = "notice notice--bad";
    line.setAttribute("role", "alert");
    line.textContent = sentence;
    place.replaceChildren(line);
    place.scrollIntoView({ block: "nearest" });
  };

  // Pages fetched ahead are taken into this document, so that their pictures load too.
  const taken = (text) => {
    const other = new DOMParser().parseFromString(text, "text/html");
    return other.getElementById("cham") && {
      title: other.title,
      parts: ["header.head", "main", ".foot"].map((name) => [name, document.adoptNode(other.querySelector(name))]),
    };
  };
  const load = (address) => {
    if (!ready.has(path(address))) {
      const coming = fetch(address, { redirect: "error" }).then((answer) => (answer.ok ? answer.text() : "")).then(taken).catch(() => null);
      ready.set(path(address), coming);
    }
  };
  const lookAhead = () => {
    const ahead = form().dataset.ahead.split(" ").filter(Boolean);
    for (const kept of [...ready.keys()]) if (!ahead.some((address) => path(address) === kept)) ready.delete(kept);
    ahead.forEach(load);
  };
  // A page fetched ahead does not know how many were marked since.
  const recount = (done) => {
    const told = (address) => { const target = new URL(address, window.location); target.searchParams.set("da", done); return target.pathname + target.search; };
    form().elements.da.value = done;
    form().dataset.ahead = form().dataset.ahead.split(" ").filter(Boolean).map(told).join(" ");
    for (const link of document.querySelectorAll("a[data-run]")) link.href = told(link.href);
  };
  const swap = (made, done) => {
    for (const [name, part] of made.parts) document.querySelector(name).replaceWith(part);
    if (done !== undefined) recount(done);
    document.title = made.title;
    window.scrollTo(0, 0);
    document.dispatchEvent(new Event("htmx:after:swap"));
    lookAhead();
  };
  const go = async (address) => {
    const made = await ready.get(path(address));
    if (!made) { window.location.assign(address); return; }
    ready.delete(path(address));
    window.history.pushState(null, "", address);
    swap(made, new URL(address, window.location).searchParams.get("da") ?? "0");
    document.getElementById("ai").closest("article").focus({ preventScroll: true });
  };

  const save = async (sent) => {
    const button = document.querySelector(".foot .button--primary");
    button.disabled = true;
    try {
      const answer = await fetch(sent.action, { method: "POST", body: new FormData(sent), headers: { "HX-Request": "true" } });
      const onward = answer.headers.get("HX-Redirect");
      if (onward) { await go(onward); return; }
      const made = taken(await answer.text());
      if (made) swap(made); else window.location.reload();
    } catch { notice(form().dataset.sayOffline); } finally { button.disabled = false; }
  };
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    const pressed = event.submitter;
    if (pressed?.name === "bo") return;
    event.preventDefault();
    if (pressed?.name === "tat-ca") { for (const row of rows()) choose(row, Number(pressed.value)); sum(); return; }
    if (!rows().every(chosen)) { notice(form().dataset.saySteps); return; }
    save(form());
  });
  document.addEventListener("change", (event) => { if (event.target.closest?.("[data-row]")) sum(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-next]");
    if (!link || event.ctrlKey || event.metaKey || !ready.has(path(link.href))) return;
    event.preventDefault();
    go(link.href);
  });
  document.addEventListener("keydown", (event) => {
    const place = event.target, writes = place.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (writes || event.ctrlKey || event.metaKey || event.altKey || !form()) return;
    if (event.key === "n") { document.querySelector("a[data-next]")?.click(); return; }
    const step = ["1", "2", "3", "4"].indexOf(event.key);
    if (step < 0) return;
    const all = rows(), row = place.closest?.("[data-row]") ?? all.find((one) => !chosen(one)) ?? all[all.length - 1];
    choose(row, step);
    sum();
    (all[all.indexOf(row) + 1] ?? row).querySelectorAll("input")[step].focus();
  });
  window.addEventListener("popstate", () => window.location.reload());
  if (form()) lookAhead();
})();
