// details[data-menu]: closes on Escape, on a click elsewhere, and when another one opens.

function close(menu, refocus = false) {
  if (!menu.open) return;
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

export function startMenus() {
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) close(menu);
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) close(menu);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) close(menu, menu.contains(document.activeElement));
  });
}
