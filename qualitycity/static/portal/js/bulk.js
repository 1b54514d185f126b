// A checkbox data-check-all="name" ticks all boxes of that name in its form; [data-check-count] shows how many are ticked.

function boxes(form, name) {
  return [...form.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(name)}"]:not(:disabled)`)];
}

function refresh(form, name) {
  const all = boxes(form, name);
  const ticked = all.filter((box) => box.checked).length;
  for (const count of form.querySelectorAll("[data-check-count]")) count.textContent = String(ticked);
  for (const master of form.querySelectorAll(`[data-check-all="${CSS.escape(name)}"]`)) {
    master.checked = all.length > 0 && ticked === all.length;
    master.indeterminate = ticked > 0 && ticked < all.length;
  }
}

export function startBulk() {
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox" || !box.form) return;
    const name = box.dataset.checkAll;
    if (name) for (const other of boxes(box.form, name)) other.checked = box.checked;
    refresh(box.form, name || box.name);
  });
}
