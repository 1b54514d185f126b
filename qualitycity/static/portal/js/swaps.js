// Manners of htmx: a swap announces itself, the focus is not lost, and failures are said in a sentence.

import { announce, showMessage, signInLink } from "./say.js";
import { word } from "./words.js";

const ASKED_BY_HAND = "a, button, form, input, select, textarea";
const hadFocus = new WeakSet();

function isSignIn(xhr) {
  const login = document.body.dataset.login;
  return Boolean(login && xhr.responseURL) && new URL(xhr.responseURL).pathname === login;
}

function tell(place, asker) {
  const said = place.matches("[data-announce]") ? place : place.querySelector("[data-announce]");
  if (said) announce(said.dataset.announce || said.textContent.trim());
  // a part that refreshes itself by the clock stays silent
  else if (asker instanceof Element && asker.matches(ASKED_BY_HAND)) announce(word("updated"));
}

function refocus(place) {
  if (document.activeElement && document.activeElement !== document.body) return;
  const next = place.querySelector("[data-focus], [autofocus]") || place;
  if (!next.matches("a, button, input, select, textarea, [tabindex]")) next.setAttribute("tabindex", "-1");
  next.focus({ preventScroll: true });
}

export function startSwaps() {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (target.contains(document.activeElement)) hadFocus.add(xhr);
    // an expired session answers with the sign-in page: it must not land inside this one
    if (!isSignIn(xhr)) return;
    event.detail.shouldSwap = false;
    showMessage(word("expired"), signInLink(word("sign_in")));
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const { elt, xhr, requestConfig } = event.detail;
    if (!(elt instanceof Element)) return;
    tell(elt, requestConfig && requestConfig.elt);
    if (xhr && hadFocus.has(xhr)) refocus(elt);
  });

  for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(kind, () => showMessage(word(kind === "htmx:responseError" ? "failed" : "offline")));
  }
}
