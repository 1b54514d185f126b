"""The main job without a mouse: signing in, finding the sheet, typing, handing in. The focus is always seen."""

import pytest

from programs.models import ProgressEntry

#: Where the focus stands, and whether it can be seen there: an outline, a frame of light, or a field's own border.
FOCUS = """
    () => {
      const node = document.activeElement;
      const style = getComputedStyle(node);
      const box = node.getBoundingClientRect();
      return {
        seen: box.width > 0 && box.bottom > 0 && (style.outlineStyle !== "none" || style.boxShadow !== "none"),
        what: `${node.tagName} ${node.name || node.getAttribute("href") || node.textContent.trim().slice(0, 20)}`,
      };
    }
"""

#: Names of the fields of the unit's own lines that a report cannot do without, in the order of the page.
FIELDS = """
    [...document.querySelectorAll("#page form [name]")]
      .filter((field) => /-(progress|result|percent|next_steps)$/.test(field.name) && field.offsetParent && !field.value)
      .map((field) => field.name)
"""


def walk(page, selector: str, *, at_most: int = 120) -> None:
    """Presses Tab until the focus stands on what the selector names; it is seen at every stop."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue
        stop = page.evaluate(FOCUS)
        assert stop["seen"], f"the focus cannot be seen on {stop['what']}"
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not come to {selector}; it ended at {page.evaluate(FOCUS)['what']}")


def test_a_liaison_hands_in_the_sheet_without_a_mouse(world, portal) -> None:
    liaison = portal()
    page = liaison.page
    liaison.open("/login/")
    page.keyboard.type("jia_liaison")
    page.keyboard.press("Tab")
    page.keyboard.type("secret-pass")
    page.keyboard.press("Enter")
    page.wait_for_url(liaison.base + "/")
    page.evaluate("document.activeElement.blur()")
    walk(page, ".qc-skip")
    page.keyboard.press("Enter")
    walk(page, f"#page a[href='/sheets/{world.window.pk}/{world.units['甲局'].pk}/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sheets/*/*/")
    fields = page.evaluate(FIELDS)
    for name in fields:
        walk(page, f"[name='{name}']")
        page.keyboard.type("50" if name.endswith("-percent") else "已按计划推进")
    walk(page, "button[name=do][value=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    lines = {name.rpartition("-")[0] for name in fields}
    assert lines and ProgressEntry.objects.filter(state="submitted").count() == len(lines)
