// Entry of the portal's scripts. Every page works without them; they save time and keep what was typed.
import { startAutosave } from "./autosave.js";
import { startBulk } from "./bulk.js";
import { startGuard } from "./guard.js";
import { offerKept, settleSent, startKeeping } from "./keep.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { showSteppers, startSteppers } from "./stepper.js";
import { startSwaps } from "./swaps.js";
import { startUpload } from "./upload.js";

// Listeners sit on the document, so parts swapped in later need no wiring of their own.
// Autosave comes before the guard: a submit it holds back must not count as the first click.
startAutosave();
startGuard();
startKeeping();
startBulk();
startKeys();
startMenus();
startSteppers();
startUpload();
startSwaps();

function enhance(root) {
  showSteppers(root);
  offerKept(root);
}

settleSent();
enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));
