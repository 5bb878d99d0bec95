// Keyboard shortcuts. The page declares them: data-shortcut="g f" on whatever is to be pressed, or focused if it is a field.
// j and k move in the list of the page (data-list), as the arrow keys do.
const patience = 1000;
let before = { key: "", at: 0 };

const isTyping = target =>
  target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]") !== null;

function chord(event) {
  const isLetter = event.key.length === 1;
  return event.ctrlKey || event.metaKey ? `Ctrl+${isLetter ? event.key.toUpperCase() : event.key}` : isLetter ? event.key.toLowerCase() : event.key;
}

function find(shortcut) {
  return [...document.querySelectorAll(`[data-shortcut="${CSS.escape(shortcut)}"]`)].find(element => element.checkVisibility());
}

function press(element) {
  if (element.matches("input, textarea")) {
    element.focus();
    element.select();
  } else {
    element.click();
  }
}

function moveInList(key) {
  const list = document.querySelector("[data-list]");
  if (list?.role === "grid") {
    list.focus({ preventScroll: true });
    list.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  } else {
    const links = [...(list?.querySelectorAll("a[href]") ?? [])];
    links.at(links.indexOf(document.activeElement) + (key === "ArrowDown" ? 1 : -1))?.focus();
  }

  return list !== null;
}

document.addEventListener("keydown", event => {
  if (event.altKey || event.isComposing || event.defaultPrevented) {
    return;
  }

  const key = chord(event);
  if (!key.startsWith("Ctrl+") && (isTyping(event.target) || document.querySelector("dialog:modal"))) {
    return;
  }

  const sequence = event.timeStamp - before.at < patience ? `${before.key} ${key}` : key;
  const target = find(sequence) ?? find(key);
  before = target ? { key: "", at: 0 } : { key, at: event.timeStamp };
  if (target) {
    event.preventDefault();
    press(target);
  } else if ((key === "j" || key === "k") && moveInList(key === "j" ? "ArrowDown" : "ArrowUp")) {
    event.preventDefault();
  }
});

// Lists and pictures move by these keys themselves; the browser must not scroll as well.
document.addEventListener("keydown", event => {
  if (event.target.closest("[data-list][role=grid], [data-arrows]") && ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "PageDown", "PageUp", "Home", "End"].includes(event.key)) {
    event.preventDefault();
  }
}, { capture: true });
