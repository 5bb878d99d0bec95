// What components ask of the browser.

// Kept for a year; the server reads it to render the right scheme from the first byte on.
export function setTheme(theme) {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
    document.cookie = "dabbawala-theme=; path=/; max-age=0; samesite=strict";
  } else {
    document.documentElement.dataset.theme = theme;
    document.cookie = `dabbawala-theme=${theme}; path=/; max-age=31536000; samesite=strict`;
  }
}

// Scrolls a virtualised table so that a row is in view, whether or not it is rendered. Rows are of one height. The table may be gone by the
// time that the call arrives: people leave a page faster than a server follows.
export function reveal(scroller, index, count) {
  if (!scroller) {
    return;
  }

  const head = scroller.querySelector("thead").offsetHeight;
  const row = scroller.querySelector("tbody").offsetHeight / count;
  const top = index * row;
  if (top < scroller.scrollTop) {
    scroller.scrollTop = top;
  } else if (top + row > scroller.scrollTop + scroller.clientHeight - head) {
    scroller.scrollTop = top + row - scroller.clientHeight + head;
  }
}

export function open(dialog) {
  dialog.showModal();
}

export function close(dialog) {
  dialog.close();
}

// The text of a field as a stream: a pasted text can be longer than one message of the circuit may be.
export function read(field) {
  return new TextEncoder().encode(field.value);
}
