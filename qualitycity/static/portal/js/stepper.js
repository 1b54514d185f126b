// − and + beside a percentage; they are hidden until this script shows them.

function move(box, direction) {
  const input = box.querySelector("input");
  const step = Number(box.dataset.stepper) || 5;
  const low = input.min === "" ? 0 : Number(input.min);
  const high = input.max === "" ? 100 : Number(input.max);
  const wanted = (Number(input.value) || 0) + direction * step;
  input.value = String(Math.min(Math.max(wanted, low), high));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

export function showSteppers(root) {
  for (const button of root.querySelectorAll("[data-stepper] [data-step]")) button.hidden = false;
}

export function startSteppers() {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-step]");
    if (button) move(button.closest("[data-stepper]"), Number(button.dataset.step));
  });
}
