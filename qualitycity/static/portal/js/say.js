// Two ways to tell something: quietly to screen readers, or visibly at the top of the page.

export function announce(text) {
  const live = document.getElementById("qc-live");
  if (!live || !text) return;
  live.textContent = "";
  // the same sentence twice is only read again when the region was empty in between
  window.setTimeout(() => {
    live.textContent = text;
  }, 50);
}

export function showMessage(text, link = null) {
  const place = document.getElementById("qc-message");
  if (!place) return;
  place.replaceChildren();
  if (!text) return;
  const box = document.createElement("div");
  box.className = "qc-alert qc-alert-bad";
  const inner = document.createElement("div");
  inner.textContent = text;
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = link.text;
    inner.append(" ", anchor);
  }
  box.append(inner);
  place.append(box);
}

export function signInLink(text) {
  const login = document.body.dataset.login;
  const back = encodeURIComponent(window.location.pathname + window.location.search);
  return login ? { href: `${login}?next=${back}`, text } : null;
}
