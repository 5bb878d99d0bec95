// The skip link. Blazor would take a click on a fragment for a navigation, which scrolls but leaves the focus where it was: so come first.
document.addEventListener("click", event => {
  const link = event.target.closest("[data-focuses]");
  if (link) {
    event.preventDefault();
    document.getElementById(link.dataset.focuses)?.focus();
  }
}, { capture: true });
