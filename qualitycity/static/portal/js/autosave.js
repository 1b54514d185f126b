// form[data-autosave="URL"]: the draft is posted 1.5 s after the last keystroke.
// Answer: {"ok": true, "saved_at": ISO time, "versions": {"field name": value}}
// or, with any status, {"ok": false, "message": "sentence", "versions": as above, "final": true when saving again is
// pointless}.

import { forget, keep } from "./keep.js";
import { announce, showMessage, signInLink } from "./say.js";
import { clock, word } from "./words.js";

const PAUSE = 1500;
const RETRY = 20000;
const states = new WeakMap();

function stateOf(form) {
  if (!states.has(form)) states.set(form, { timer: 0, running: null, again: false, stopped: false });
  return states.get(form);
}

function show(form, text, bad = false) {
  const place = form.querySelector("[data-autosave-status]");
  if (!place) return;
  place.textContent = text;
  place.classList.toggle("qc-saved-bad", bad);
}

function body(form) {
  const data = new FormData(form);
  // files travel with the form itself, not with every draft
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  return data;
}

function failed(form, sentence, { link = null, stop = false, retry = false } = {}) {
  const state = stateOf(form);
  form.dataset.unsaved = "yes";
  state.stopped = stop;
  keep(form);
  show(form, sentence, true);
  if (link || stop) showMessage(sentence, link);
  if (retry) later(form, RETRY);
}

// Also after a refusal: the lines that were saved beside the refused one have new versions.
function takeVersions(form, answer) {
  for (const [name, value] of Object.entries(answer.versions || {})) {
    const field = form.elements.namedItem(name);
    if (field && "value" in field) field.value = value;
  }
}

function succeeded(form, answer) {
  show(form, word("saved", { time: clock(answer.saved_at) }));
  showMessage("");
  if (!stateOf(form).again) {
    delete form.dataset.unsaved;
    forget(form);
    form.dispatchEvent(new CustomEvent("qc:saved", { bubbles: true }));
  }
}

async function answerOf(response) {
  const kind = response.headers.get("content-type") || "";
  return kind.includes("json") ? response.json() : null;
}

async function post(form, last) {
  const token = form.elements.namedItem("csrfmiddlewaretoken");
  let response;
  try {
    response = await fetch(form.dataset.autosave, {
      method: "POST",
      body: body(form),
      headers: { Accept: "application/json", "X-CSRFToken": token ? token.value : "" },
      credentials: "same-origin",
      redirect: "manual",
      keepalive: last,
    });
  } catch {
    failed(form, word("offline"), { retry: true });
    return;
  }
  const answer = await answerOf(response).catch(() => null);
  if (answer) takeVersions(form, answer);
  if (response.ok && answer && answer.ok) succeeded(form, answer);
  else if (answer && answer.message) failed(form, answer.message, { stop: Boolean(answer.final) || response.status === 409 });
  else if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
    failed(form, word("expired"), { link: signInLink(word("sign_in")) });
  } else failed(form, word("refused"), { retry: response.status >= 500 });
}

// One request at a time: the next one needs the row versions that the running one brings back.
async function save(form, last = false) {
  const state = stateOf(form);
  window.clearTimeout(state.timer);
  state.timer = 0;
  if (state.stopped) return;
  if (state.running) {
    state.again = true;
    return;
  }
  show(form, word("saving"));
  state.running = post(form, last);
  await state.running;
  state.running = null;
  if (state.again) {
    state.again = false;
    await save(form);
  }
}

function later(form, pause) {
  const state = stateOf(form);
  window.clearTimeout(state.timer);
  state.timer = window.setTimeout(() => save(form), pause);
}

// Resolves when what was typed has been saved or refused; a retry that is due is made now, once.
async function settled(form) {
  const state = stateOf(form);
  while (state.running) await state.running;
  if (state.timer) await save(form);
}

async function sendAfterSaving(form, submitter) {
  const state = stateOf(form);
  state.again = false;
  await state.running;
  form.requestSubmit(submitter);
}

export function startAutosave() {
  const typed = (event) => {
    const form = event.target.form;
    if (!form || !form.dataset.autosave || event.target.type === "file") return;
    const state = stateOf(form);
    if (state.stopped) return;
    if (state.running) state.again = true;
    show(form, word("unsaved"));
    later(form, PAUSE);
  };
  document.addEventListener("input", typed);

  // Sent while a draft is on its way, the form would carry the version the draft is just replacing.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.dataset.autosave) return;
      const state = stateOf(form);
      window.clearTimeout(state.timer);
      state.timer = 0;
      if (!state.running) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      announce(word("saving"));
      sendAfterSaving(form, event.submitter);
    },
    true,
  );

  // The page a link opens would show the text of before, and a draft saved behind its back would look like somebody
  // else's: what is typed is saved first, then the link is followed.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.href.split("#")[0] === location.href.split("#")[0]) return;
    const typing = [...document.querySelectorAll("form[data-autosave]")].filter((form) => {
      const state = stateOf(form);
      return !state.stopped && (state.timer || state.running);
    });
    if (!typing.length) return;
    event.preventDefault();
    announce(word("saving"));
    Promise.all(typing.map(settled)).then(() => location.assign(link.href));
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    for (const form of document.querySelectorAll("form[data-autosave]")) if (stateOf(form).timer) save(form, true);
  });
}
