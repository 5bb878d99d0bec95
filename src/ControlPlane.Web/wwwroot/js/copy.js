// Copies the text of data-copy, in the browser alone: a clipboard may only be written while a click is fresh.
const shown = 1500;

document.addEventListener("click", async event => {
  const button = event.target.closest("[data-copy]");
  if (!button) {
    return;
  }

  const announcer = document.getElementById("announcer");
  try {
    await navigator.clipboard.writeText(button.dataset.copy || location.href);
    announcer.textContent = "Copied";
    button.dataset.copied = "";
  } catch {
    announcer.textContent = "The browser does not let this page write to the clipboard";
  }

  setTimeout(() => {
    announcer.textContent = "";
    delete button.dataset.copied;
  }, shown);
});
