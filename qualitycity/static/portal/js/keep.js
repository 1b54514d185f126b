// A copy of what is being typed, on this computer, for forms marked data-autosave or data-keep.
// It is dropped as soon as the portal has the text, and offered back when the portal's copy is older:
// after an expired session, a lost connection, a closed tab.

import { clock, word } from "./words.js";

const PREFIX = "qc-draft:";
const SENT = "qc-sent";
const SENT_VERSION = "qc-sent-version";
const MAX_AGE = 14 * 24 * 3600 * 1000;
const FORMS = "form[data-autosave], form[data-keep]";

function keyOf(form) {
  const name = form.id || form.dataset.autosave || "form";
  return `${PREFIX}${document.body.dataset.person || ""}:${window.location.pathname}:${name}`;
}

function typedFields(form) {
  return [...form.elements].filter(
    (field) => field.name && !field.disabled && !["hidden", "password", "file", "submit", "button"].includes(field.type),
  );
}

function valueOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field.type === "select-multiple") return [...field.selectedOptions].map((option) => option.value);
  return field.value;
}

// checkboxes of one name are told apart by their value
function slotOf(field) {
  return field.type === "checkbox" || field.type === "radio" ? `${field.name}=${field.value}` : field.name;
}

function valuesOf(form) {
  return Object.fromEntries(typedFields(form).map((field) => [slotOf(field), valueOf(field)]));
}

function same(left, right) {
  return JSON.stringify(left) === JSON.stringify(right);
}

function read(key) {
  try {
    return JSON.parse(window.localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function keep(form) {
  try {
    window.localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values: valuesOf(form) }));
  } catch {
    // storage full or forbidden: the portal's own draft remains
  }
}

export function forget(form) {
  window.localStorage.removeItem(keyOf(form));
}

function dropOld() {
  for (const key of Object.keys(window.localStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    const copy = read(key);
    if (!copy || Date.now() - copy.at > MAX_AGE) window.localStorage.removeItem(key);
  }
}

function putBack(form, values) {
  for (const field of typedFields(form)) {
    const slot = slotOf(field);
    if (!(slot in values) || same(valueOf(field), values[slot])) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values[slot];
    else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = values[slot].includes(option.value);
    } else field.value = values[slot];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function button(text, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm";
  made.textContent = text;
  made.addEventListener("click", action);
  return made;
}

function offer(form, copy) {
  const box = document.createElement("div");
  box.className = "qc-alert qc-alert-warn qc-kept";
  box.setAttribute("role", "status");
  const inner = document.createElement("div");
  const text = document.createElement("p");
  text.textContent = word("kept", { time: clock(copy.at) });
  const row = document.createElement("div");
  row.className = "qc-form-actions";
  const close = () => {
    box.remove();
    const first = typedFields(form)[0];
    if (first) first.focus();
  };
  row.append(
    button(word("restore"), () => {
      putBack(form, copy.values);
      close();
    }),
    button(word("discard"), () => {
      forget(form);
      close();
    }),
  );
  inner.append(text, row);
  box.append(inner);
  form.prepend(box);
}

export function offerKept(root) {
  const forms = root instanceof Element && root.matches(FORMS) ? [root] : root.querySelectorAll(FORMS);
  for (const form of forms) {
    if (form.dataset.keptChecked) continue;
    form.dataset.keptChecked = "yes";
    const copy = read(keyOf(form));
    if (!copy) continue;
    const now = valuesOf(form);
    const changed = Object.entries(copy.values).some(([slot, value]) => slot in now && !same(now[slot], value));
    const older = form.dataset.savedAt && Date.parse(form.dataset.savedAt) >= copy.at;
    if (!changed || older) forget(form);
    else offer(form, copy);
  }
}

// version of the row that a form was made for; 0 where there is none yet
function versionOf(form) {
  const field = form.querySelector("input[type=hidden][name=version], input[type=hidden][name=row_version]");
  return field ? Number(field.value) || 0 : null;
}

// After a sent form the next page tells how it went: another ordinary page means the portal took it, and so does the same
// form for a later version of its row. A refused one comes back with the version that was sent.
export function settleSent() {
  dropOld();
  const key = window.sessionStorage.getItem(SENT);
  if (!key) return;
  const sent = window.sessionStorage.getItem(SENT_VERSION);
  window.sessionStorage.removeItem(SENT);
  window.sessionStorage.removeItem(SENT_VERSION);
  const here = [...document.querySelectorAll(FORMS)].find((form) => keyOf(form) === key);
  const taken = here && sent !== null && versionOf(here) > Number(sent);
  const signIn = window.location.pathname === document.body.dataset.login;
  const failed = document.body.classList.contains("qc-went-wrong");
  if (taken || (!here && !signIn && !failed)) window.localStorage.removeItem(key);
}

export function startKeeping() {
  const waiting = new WeakMap();
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !form.matches(FORMS)) return;
    window.clearTimeout(waiting.get(form));
    waiting.set(form, window.setTimeout(() => keep(form), 300));
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches(FORMS)) return;
    window.clearTimeout(waiting.get(event.target));
    keep(event.target);
    window.sessionStorage.setItem(SENT, keyOf(event.target));
    const version = versionOf(event.target);
    if (version === null) window.sessionStorage.removeItem(SENT_VERSION);
    else window.sessionStorage.setItem(SENT_VERSION, String(version));
  });
}
