// Tells about the connection of this page to the console, in a native dialog (Shell/ReconnectDialog.razor).
const dialog = document.getElementById("components-reconnect-modal");

async function retry() {
  // False: the server has forgotten this page. Everything that matters is in the address, so load it anew.
  if (!await Blazor.reconnect()) {
    location.reload();
  }
}

dialog.addEventListener("components-reconnect-state-changed", event => {
  switch (event.detail.state) {
    case "show":
      dialog.showModal();
      break;
    case "hide":
      dialog.close();
      break;
    case "failed":
      document.addEventListener("visibilitychange", retry, { once: true });
      break;
    case "rejected":
      location.reload();
      break;
  }
});

dialog.querySelector("[data-retry]").addEventListener("click", retry);
