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
