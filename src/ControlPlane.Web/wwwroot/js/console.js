// What works on every page, whichever component has rendered it. Loaded once, as a module.
import "./skip.js";
import "./shortcuts.js";
import "./copy.js";
import "./dialogs.js";
import "./reconnect.js";
