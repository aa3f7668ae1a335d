// The call at the desk. Tones are made here, so no file can be missing; a pattern belongs to a priority and repeats until the last such incident is accepted.
// A browser stays silent until somebody has touched the page: that is found out and said with a big button, never assumed.

// Each tone: start s, length s, frequency Hz. Pitch and rhythm both tell the priority, so it is heard over a radio too.
export const patterns = {
  1: { repeatMs: 2500, tones: [[0, 0.16, 880], [0.2, 0.16, 1175], [0.4, 0.16, 880], [0.6, 0.16, 1175], [0.8, 0.3, 1175]] },
  2: { repeatMs: 5000, tones: [[0, 0.22, 740], [0.3, 0.22, 740], [0.6, 0.3, 932]] },
  3: { repeatMs: 12000, tones: [[0, 0.18, 587], [0.28, 0.18, 440]] },
};
const volume = 0.35;

let audio = null;
let timer = 0;
let priority = 0;

function play(pattern) {
  const start = audio.currentTime + 0.02;
  for (const [at, seconds, hertz] of pattern.tones) {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    oscillator.type = "triangle";
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(0, start + at);
    gain.gain.linearRampToValueAtTime(volume, start + at + 0.015);
    gain.gain.setValueAtTime(volume, start + at + seconds - 0.03);
    gain.gain.linearRampToValueAtTime(0, start + at + seconds);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(start + at);
    oscillator.stop(start + at + seconds);
  }
}

function isOn() {
  return audio !== null && audio.state === "running";
}

function show() {
  const on = isOn();
  const before = document.body.dataset.sound;
  document.body.dataset.sound = on ? "on" : "blocked";
  // The hub is told by the event stream whether anybody can be heard (live.js).
  if (before !== document.body.dataset.sound) document.dispatchEvent(new CustomEvent("sound-changed"));
  for (const element of document.querySelectorAll("[data-sound-when]")) element.hidden = element.dataset.soundWhen !== document.body.dataset.sound;
}

async function unlock() {
  audio ??= new AudioContext();
  // Without a gesture resume() may stay pending for ever: the state decides, not the promise.
  audio.resume().then(show, show);
  show();
  audio.onstatechange = show;
}

function ring() {
  clearTimeout(timer);
  if (priority === 0) return;
  const pattern = patterns[priority];
  if (isOn()) play(pattern);
  document.body.dataset.rang = String(Number(document.body.dataset.rang ?? 0) + (isOn() ? 1 : 0));
  timer = setTimeout(ring, pattern.repeatMs);
}

// The page says what is waiting: data-ring on any region holds the highest priority not yet accepted, or 0.
function follow() {
  const wanted = Math.min(...[...document.querySelectorAll("[data-ring]")].map(element => Number(element.dataset.ring) || 9), 9);
  const next = wanted in patterns ? wanted : 0;
  const count = [...document.querySelectorAll("[data-ring-count]")].map(element => element.dataset.ringCount).join();
  if (next === priority && count === document.body.dataset.ringCountSeen) return;
  document.body.dataset.ringCountSeen = count;
  priority = next;
  document.body.dataset.sounding = String(next);
  ring();
}

if (document.querySelector("[data-ring]")) {
  unlock();
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => { if (!isOn()) unlock(); }, { capture: true });
  document.addEventListener("page-fresh", follow);
  follow();
}

// Help page: hear each sound.
document.addEventListener("click", async event => {
  const button = event.target.closest("[data-play]");
  if (!button) return;
  audio ??= new AudioContext();
  await audio.resume();
  play(patterns[button.dataset.play]);
});
