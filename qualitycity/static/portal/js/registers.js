// Registers: Django leaves two kinds of fields without a name: the ones that its searching choices draw, and those of
// rows in a table. They get the label of the choice behind them, or the head of their column.

function nameOf(field) {
  if (field.labels?.length) return field.labels[0].textContent;
  const cell = field.closest("td");
  return cell?.closest("table").querySelectorAll("thead th")[cell.cellIndex]?.textContent ?? "";
}

function nameAll() {
  for (const field of document.querySelectorAll(".tabular td :is(input:not([type=hidden]), select, textarea)")) {
    if (!field.labels?.length) field.setAttribute("aria-label", nameOf(field).trim());
  }
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
