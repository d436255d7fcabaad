// A meeting led by step cards: ticks stay on this phone, a clock counts down. Without it the page shows the minutes.
(() => {
  "use strict";
  const start = () => {
    const card = document.querySelector("[data-meeting]");
    if (!card) return;
    ticks(card);
    for (const timer of card.querySelectorAll("[data-timer]")) clock(timer);
  };

  // Ticks by lesson; a lesson that must leave no trace keeps none.
  const ticks = (card) => {
    const name = `meeting:${card.dataset.meeting}`;
    const boxes = [...card.querySelectorAll("[data-keep]")];
    const clear = document.querySelector("[data-clear]");
    const read = () => { try { return JSON.parse(localStorage.getItem(name) || "{}"); } catch { return {}; } };
    const write = (kept) => { try { localStorage.setItem(name, JSON.stringify(kept)); } catch { /* a full or closed store: ticks last as long as the page */ } };
    const isKept = !("unkept" in card.dataset);
    if (isKept) for (const box of boxes) box.checked = box.dataset.keep in read();
    for (const box of boxes) box.addEventListener("change", () => {
      if (!isKept) return;
      const kept = read();
      if (box.checked) kept[box.dataset.keep] = 1; else delete kept[box.dataset.keep];
      write(kept);
    });
    if (!isKept || !clear) return;
    clear.hidden = false;
    clear.addEventListener("click", () => { try { localStorage.removeItem(name); } catch { /* nothing was kept */ } for (const box of boxes) box.checked = false; });
  };

  // Counts by the clock on the wall, so a phone that slept is right again. Says nothing until the end.
  const clock = (timer) => {
    const whole = Number(timer.dataset.timer) * 60000;
    const shown = timer.querySelector("[data-left]"), go = timer.querySelector("[data-go]"), end = timer.querySelector("[data-end]");
    const first = go.textContent;
    let left = whole, until = 0, beat = 0, screen = null;
    const show = (time) => { const seconds = Math.ceil(time / 1000); shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`; };
    const stay = async (awake) => { try { if (awake) screen = await navigator.wakeLock?.request("screen"); else { await screen?.release(); screen = null; } } catch { /* the screen may sleep */ } };
    const stop = () => { clearInterval(beat); beat = 0; stay(false); };
    const count = () => {
      left = Math.max(0, until - Date.now());
      show(left);
      if (left) return;
      stop();
      go.hidden = true;
      timer.classList.add("timer--over");
      end.textContent = end.dataset.said;
    };
    go.addEventListener("click", () => {
      if (beat) { left = Math.max(0, until - Date.now()); stop(); go.textContent = go.dataset.onward; return; }
      until = Date.now() + left;
      beat = setInterval(count, 250);
      stay(true);
      go.textContent = go.dataset.pause;
      count();
    });
    timer.querySelector("[data-again]").addEventListener("click", () => {
      stop();
      left = whole;
      show(left);
      go.hidden = false;
      go.textContent = first;
      timer.classList.remove("timer--over");
      end.textContent = "";
    });
    timer.querySelector("[data-controls]").hidden = false;
  };
  document.addEventListener("DOMContentLoaded", start);
})();
