// Two guards: a second click within three seconds sends nothing twice, and leaving asks only when something is unsaved.

const HOLD = 3000;
const held = new WeakMap();
const dirty = new Set();

function release(form) {
  const hold = held.get(form);
  if (!hold) return;
  window.clearTimeout(hold.timer);
  held.delete(form);
  if (!hold.button) return;
  hold.button.removeAttribute("aria-busy");
  hold.button.removeAttribute("aria-disabled");
}

function hold(form, button) {
  held.set(form, { button, timer: window.setTimeout(() => release(form), HOLD) });
  if (!button) return;
  // not the disabled property: it would take the focus away and drop the button's own name and value
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
}

export function startGuard() {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.method !== "post") return;
      if (held.has(form)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      hold(form, event.submitter);
      dirty.delete(form);
      delete form.dataset.unsaved;
    },
    true,
  );
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target instanceof HTMLFormElement) release(event.target);
  });
  // back from the page cache the form must be usable at once
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) release(form);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.matches("form[data-guard]")) dirty.add(form);
  });
  document.addEventListener("qc:saved", (event) => dirty.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    const typed = [...dirty].some((form) => form.isConnected);
    if (!typed && !document.querySelector("form[data-unsaved]")) return;
    event.preventDefault();
    event.returnValue = "";
  });
}
