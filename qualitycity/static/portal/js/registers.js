// Registers: Django's searching choices draw a field of their own and leave it without a name. It gets the label of
// the choice behind it, or the head of its column where rows stand in a table.

function nameOf(select) {
  if (select.labels.length) return select.labels[0].textContent;
  const cell = select.closest("td");
  return cell?.closest("table").querySelectorAll("thead th")[cell.cellIndex]?.textContent ?? "";
}

function nameAll() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const name = nameOf(select).trim().replace(/[:：]$/, "");
    for (const field of select.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox]") ?? []) {
      field.removeAttribute("aria-labelledby");
      if (name) field.setAttribute("aria-label", name);
    }
  }
}

// drawn when jQuery calls the page ready, in the order of those who asked; and in every row that is added
window.django?.jQuery?.(nameAll);
document.addEventListener("formset:added", () => setTimeout(nameAll));
