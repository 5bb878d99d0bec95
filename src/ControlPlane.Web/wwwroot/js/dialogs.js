// Native modal dialogs: the browser keeps the focus inside, closes on Escape and gives the focus back. data-opens names the dialog to open;
// a click on the backdrop or on anything with data-closes closes it.
document.addEventListener("click", event => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    document.getElementById(opener.dataset.opens)?.showModal();
  }

  if (event.target.closest("[data-closes]") || event.target instanceof HTMLDialogElement) {
    event.target.closest("dialog")?.close();
  }
});
