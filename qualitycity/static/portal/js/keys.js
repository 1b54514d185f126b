// Keys in lists marked data-keys: J and K walk along the rows, A and R belong to the report that is open.
// They work only while the focus is inside the list's region and never while typing (WCAG 2.1.4).
// data-keys="open" follows each row as it is reached; otherwise Enter does.

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const RETURN_TO = "qc-keys-return";

function rows(region) {
  return [...region.querySelectorAll("[data-key-row]")];
}

function current(list) {
  const focused = list.findIndex((row) => row.contains(document.activeElement));
  if (focused >= 0) return focused;
  return list.findIndex((row) => row.matches("[aria-current]") || row.querySelector("[aria-current]"));
}

function target(row) {
  return row.matches("a, button") ? row : row.querySelector("a, button, [tabindex]");
}

function walk(region, step) {
  const list = rows(region);
  if (!list.length) return;
  const at = current(list);
  const next = list[Math.min(Math.max(at < 0 ? 0 : at + step, 0), list.length - 1)];
  const link = target(next);
  if (!link) return;
  link.focus();
  link.scrollIntoView({ block: "nearest" });
  if (region.dataset.keys === "open") {
    window.sessionStorage.setItem(RETURN_TO, window.location.pathname);
    link.click();
  }
}

function accept(region) {
  const button = region.querySelector("[data-key-accept]");
  if (button) button.click();
}

function giveBack(region) {
  const field = region.querySelector("[data-key-return]");
  if (!field) return;
  for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  field.focus();
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    const from = event.target;
    if (!(from instanceof Element) || from.matches(TYPING)) return;
    const region = from.closest("[data-keys]");
    if (!region) return;
    const act = {
      j: () => walk(region, 1),
      k: () => walk(region, -1),
      a: () => accept(region),
      r: () => giveBack(region),
    }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // a row opened by key loads a page: the walk goes on from its row there
  if (window.sessionStorage.getItem(RETURN_TO)) {
    window.sessionStorage.removeItem(RETURN_TO);
    const here = document.querySelector("[data-keys] [aria-current]");
    if (here) here.focus();
  }
}
