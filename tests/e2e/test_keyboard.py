"""The main job without a mouse: signing in, finding the sheet, typing, handing in. The focus is always seen."""

import pytest
from playwright.sync_api import expect

from programs.models import LeaderRemark, ProgressEntry

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


def signed_in(portal, name: str):
    """A window of that person, the focus where a new page leaves it."""
    person = portal(name)
    person.page.evaluate("document.activeElement.blur()")
    return person


def test_head_clerk_and_leader_do_their_part_without_a_mouse(world, portal) -> None:
    """Signing several at once, returning one and accepting the other by single keys, filtering, downloading."""
    assert world.file("jia_liaison", "甲局", progress="已按计划推进").ok
    sheet = f"/sheets/{world.window.pk}/{world.units['甲局'].pk}/"

    head = signed_in(portal, "jia_head")
    walk(head.page, f"#page a[href='{sheet}sign-off/']")
    head.page.keyboard.press("Enter")
    head.page.wait_for_url("**/sign-off/")
    walk(head.page, "#all")
    head.page.keyboard.press("Space")
    walk(head.page, "button[name=do][value=sign]")
    with head.page.expect_navigation():
        head.page.keyboard.press("Enter")
    signed = ProgressEntry.objects.filter(state="signed")
    lines = signed.count()
    assert lines >= 2

    clerk = signed_in(portal, "clerk")
    walk(clerk.page, "a[href='/review/']")
    clerk.page.keyboard.press("Enter")
    clerk.page.wait_for_url("**/review/**")
    # single letters act only while the focus is in the list (WCAG 2.1.4)
    walk(clerk.page, "[data-key-row]")
    clerk.page.keyboard.press("r")
    clerk.page.keyboard.type("请补充检查的具体范围")
    walk(clerk.page, "button[name=do][value=return]")
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press("Enter")
    assert ProgressEntry.objects.get(state="returned").remark.endswith("请补充检查的具体范围")
    walk(clerk.page, "[data-key-row]")
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press("a")
    assert ProgressEntry.objects.filter(state="accepted").count() == 1

    clerk.open(f"/programmes/{world.programme.pk}/")
    walk(clerk.page, "#filter_q")
    clerk.page.keyboard.type("任务2")
    expect(clerk.page.locator(".qc-task-title")).to_have_count(1)
    assert clerk.page.evaluate("document.activeElement.id") == "filter_q"
    walk(clerk.page, ".qc-task-title")
    clerk.page.keyboard.press("Enter")
    clerk.page.wait_for_url("**/tasks/*/")

    leader = signed_in(portal, "leader")
    walk(leader.page, "textarea[name=text]")
    leader.page.keyboard.type("请市甲局抓紧。")
    walk(leader.page, "form.qc-desk-remark button[type=submit]")
    with leader.page.expect_navigation():
        leader.page.keyboard.press("Enter")
    assert LeaderRemark.objects.get().text == "请市甲局抓紧。"
