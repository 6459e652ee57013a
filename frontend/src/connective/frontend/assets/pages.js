// Makes the components of the pages livelier; every page works without it.
import { initAll } from "./govuk-frontend.js";

initAll();

// A form is sent once, however often its button is pressed; the server would act once anyway.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 4000);
  });
}
window.addEventListener("pageshow", (event) => {
  // Going back must not show what may have changed, nor to whoever sits here after somebody signed out.
  if (event.persisted) window.location.reload();
});
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
// Work that goes on is told as it changes; without this the page loads itself again every few seconds.
for (const place of document.querySelectorAll("[data-progress]")) {
  const source = new EventSource(place.dataset.progress);
  const words = place.querySelector("[data-progress-words]");
  const bar = place.querySelector("progress");
  const show = (told) => {
    if (words && told.words && words.textContent !== told.words) words.textContent = told.words;
    if (bar && told.share !== null) bar.value = told.share;
  };
  source.addEventListener("progress", (event) => show(JSON.parse(event.data)));
  source.addEventListener("done", (event) => {
    const told = JSON.parse(event.data);
    source.close();
    show(told);
    if (told.target) window.location.assign(told.target);
    else window.location.reload();
  });
  window.addEventListener("pagehide", () => source.close());
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  });
}
// A clock of hours counts down while one looks; the page itself says how much was left when it was opened.
const counted = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
for (const clock of document.querySelectorAll("[data-until]")) {
  const until = new Date(clock.dataset.until);
  window.setInterval(() => {
    const minutes = Math.floor((until - Date.now()) / 60000);
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    const parts = [hours ? counted(hours, "hour") : "", rest || !hours ? counted(rest, "minute") : ""];
    clock.textContent = `${parts.filter(Boolean).join(" and ")} ${minutes < 0 ? "late" : "left"}`;
  }, 30000);
}
