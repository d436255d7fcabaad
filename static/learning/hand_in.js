// Handing in over a weak network: pictures are made smaller here, files go in pieces and go on where they stopped.
(() => {
  "use strict";
  const form = document.querySelector("form[data-hand-in]");
  if (!form || !window.fetch || !window.crypto?.subtle) return; // plain multipart does it too
  const PIECE = 128 * 1024, SIDE = 1600, LONGEST_PAUSE = 60000;
  const say = form.dataset;
  const said = form.querySelector("[data-said]"), sending = form.querySelector("[data-sending]");
  const token = () => form.elements.csrf_token.value;
  const tell = (sentence) => { said.textContent = sentence; };
  const pause = (time) => new Promise((done) => {
    const timer = setTimeout(done, time);
    window.addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });

  // Asks until there is an answer; only the page's end ends the asking.
  const ask = async (address, options) => {
    for (let time = 1000; ; time = Math.min(time * 2, LONGEST_PAUSE)) {
      try {
        const answer = await fetch(address, { ...options, headers: { Accept: "application/json", "X-CSRF-Token": token() }, redirect: "manual" });
        if (answer.ok || answer.status === 409 || answer.status === 422) return { status: answer.status, ...(await answer.json()) };
        if (answer.status === 404) return { status: 404 };
        if (answer.status === 413) return { status: 422, sentence: say.sayLarge };
        if (answer.status === 0 || answer.status === 401) tell(say.saySignIn);
        if (answer.status === 400 || answer.status === 0) await renew();
      } catch { tell(say.sayOffline); }
      await pause(time);
    }
  };
  const shownPage = async () => new DOMParser().parseFromString(await (await fetch(window.location.pathname)).text(), "text/html");
  const renew = async () => {
    try { form.elements.csrf_token.value = (await shownPage()).querySelector("#bai [name=csrf_token]")?.value ?? token(); } catch { /* asked again soon */ }
  };

  // The draft: kept while one writes; what is not kept yet survives a reload of this tab.
  const words = form.elements.text, slot = "bai:" + window.location.pathname;
  let keeping = Promise.resolve(), timer = 0;
  const keep = () => (keeping = keeping.then(async () => {
    const body = new FormData();
    body.set("csrf_token", token());
    const typed = words?.value;
    if (words) body.set("text", typed);
    const answer = await ask(form.action, { method: "POST", body });
    if (answer.status === 200) {
      say.handIn = answer.hand_in;
      if (words?.value === typed) sessionStorage.removeItem(slot);
      if (!sending.children.length) tell(say.saySaved);
    } else tell(answer.sentence ?? "");
    return say.handIn;
  }));
  if (words) {
    const kept = sessionStorage.getItem(slot);
    if (kept !== null && kept.trim() !== words.value.trim()) { words.value = kept; keep(); } else sessionStorage.removeItem(slot);
    words.addEventListener("input", () => {
      sessionStorage.setItem(slot, words.value);
      clearTimeout(timer);
      timer = setTimeout(keep, 3000);
    });
  }

  // Files on their way, one after the other.
  let line = Promise.resolve(), leaving = null;
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let stamp = Date.now();
    for (let place = 5; place >= 0; place--) { bytes[place] = stamp % 256; stamp = Math.floor(stamp / 256); }
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("").padEnd(130, "0"), key = "";
    for (; bits; bits = bits.slice(5)) key += letters[parseInt(bits.slice(0, 5), 2)];
    return key;
  };
  const digestOf = async (bytes) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const announce = async (bytes, digest, fresh) => {
    const remembered = "tai-len:" + digest, known = localStorage.getItem(remembered);
    const key = (!fresh && known) || newKey();
    localStorage.setItem(remembered, key);
    const body = new FormData();
    for (const [name, value] of [["csrf_token", token()], ["bai", say.handIn || await keep()], ["ma", key], ["co", bytes.length], ["sha256", digest]]) body.set(name, value);
    const answer = await ask(say.uploads, { method: "POST", body });
    return answer.status === 404 && !fresh && known ? announce(bytes, digest, true) : answer;
  };
  const send = async (file, show) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (bytes.length > Number(say.mostBytes)) return say.sayLarge;
    const digest = await digestOf(bytes);
    let answer = await announce(bytes, digest, false);
    for (let restarts = 0; answer.status !== 422 && !answer.work;) {
      if (answer.status === 404) {
        if (restarts++ > 2) return say.sayOffline;
        answer = await announce(bytes, digest, true);
        continue;
      }
      show(answer.received / bytes.length);
      const piece = bytes.slice(answer.received, answer.received + PIECE);
      answer = await ask(`${say.uploads}/${answer.id}?tu=${answer.received}`, { method: "PUT", body: piece });
    }
    localStorage.removeItem("tai-len:" + digest);
    return answer.work ? "" : answer.sentence ?? "";
  };
  const queue = (name, made) => {
    const item = document.createElement("li"), title = document.createElement("span"), bar = document.createElement("progress");
    title.textContent = say.saySending.replace("{name}", name);
    bar.className = "weave weave--thin";
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", title.textContent);
    item.append(title, bar);
    sending.append(item);
    line = line.then(async () => {
      const fault = await send(await made, (share) => { bar.value = share; tell(""); });
      if (fault) {
        bar.remove();
        title.className = "field__error";
        title.textContent = `${name}: ${fault}`;
        item.dataset.failed = "1";
        leaving = null;
      } else item.remove();
      await refresh();
    });
    line.then(() => { if (leaving && !sending.querySelector("progress")) form.requestSubmit(leaving); });
  };
  const refresh = async () => {
    try {
      const fresh = (await shownPage()).getElementById("tep");
      if (fresh) document.getElementById("tep").replaceWith(document.adoptNode(fresh));
    } catch { /* the files are kept; the next visit shows them */ }
  };

  // A picture at most 1600 px, as JPEG: a tenth of what the camera made, and without its place and time.
  const smaller = async (file) => {
    try {
      const seen = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, SIDE / Math.max(seen.width, seen.height));
      const paper = document.createElement("canvas");
      paper.width = Math.round(seen.width * scale);
      paper.height = Math.round(seen.height * scale);
      const pen = paper.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, paper.width, paper.height);
      pen.drawImage(seen, 0, 0, paper.width, paper.height);
      return await new Promise((done) => paper.toBlob((made) => done(made ?? file), "image/jpeg", 0.82));
    } catch { return file; } // the server says what it can read
  };
  for (const field of form.querySelectorAll("input[data-files]")) {
    field.addEventListener("change", () => {
      for (const file of [...field.files]) queue(file.name, field.dataset.files === "photo" ? smaller(file) : file);
      field.value = "";
    });
  }

  // A voice, recorded here.
  const recorder = form.querySelector("[data-recorder]");
  const startRecorder = () => {
    const button = recorder.querySelector("[data-record]"), listen = recorder.querySelector("[data-listen]"), told = recorder.querySelector("[data-recorded]");
    const off = button.querySelector("[data-off]"), on = button.querySelector("[data-on]");
    let running = null, voice = null;
    const turn = (is) => { off.hidden = is; on.hidden = !is; recorder.classList.toggle("recorder--on", is); };
    const record = async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const pieces = [], began = Date.now();
      running = new MediaRecorder(stream, { audioBitsPerSecond: 32000 });
      const clock = setInterval(() => {
        const seconds = Math.floor((Date.now() - began) / 1000);
        told.textContent = say.sayRecording.replace("{time}", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
        if (seconds >= 595) running?.stop();
      }, 500);
      running.addEventListener("dataavailable", (event) => pieces.push(event.data));
      running.addEventListener("stop", () => {
        clearInterval(clock);
        for (const track of stream.getTracks()) track.stop();
        voice = new Blob(pieces, { type: running.mimeType });
        running = null;
        turn(false);
        listen.hidden = false;
        told.textContent = `${Math.ceil(voice.size / 1024)} KB`;
        queue(say.sayVoice, voice);
      });
      running.start(1000);
      turn(true);
    };
    button.addEventListener("click", () => { if (running) running.stop(); else record().catch(() => { told.textContent = say.sayNoVoice; }); });
    listen.addEventListener("click", async () => {
      const player = new AudioContext(), source = player.createBufferSource();
      source.buffer = await player.decodeAudioData(await voice.arrayBuffer());
      source.connect(player.destination);
      source.start();
    });
    recorder.hidden = false;
  };
  if (recorder && navigator.mediaDevices?.getUserMedia && window.MediaRecorder) startRecorder();

  // Handing in waits for files on their way.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending.querySelector("progress")) return;
    event.preventDefault();
    leaving = event.submitter;
    tell(say.sayWaits);
  });
  window.addEventListener("beforeunload", (event) => { if (sending.querySelector("progress")) event.preventDefault(); });
})();
