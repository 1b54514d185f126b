// Buttons that open the browser's print dialogue; without scripts the browser's own menu does it.

function show(place) {
  for (const button of place.querySelectorAll("[data-print]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
});
document.addEventListener("htmx:afterSettle", (event) => show(event.target));
show(document);
