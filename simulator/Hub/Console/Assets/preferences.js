// Language and theme: two cookies that say nothing about the person, a year long.
const yearS = 31536000;

document.addEventListener("click", event => {
  const button = event.target.closest("[data-cookie]");
  if (!button) return;
  document.cookie = `${button.dataset.cookie}=${button.dataset.value}; path=/; max-age=${yearS}; samesite=strict`;
  location.reload();
});

// One of several stations, until another is chosen: for this browser's session only.
document.addEventListener("change", event => {
  const choice = event.target.closest("[data-cookie-choice]");
  if (!choice) return;
  document.cookie = `${choice.dataset.cookieChoice}=${choice.value}; path=/; samesite=strict`;
  location.reload();
});
