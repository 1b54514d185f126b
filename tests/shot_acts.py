"""What is done on a page before it is photographed, where it takes more than a line."""

from collections.abc import Callable
from typing import Any


def press(selector: str) -> Callable[[Any], None]:
    """Presses a button whose answer is a page; the browser's own checks are left out, the portal's are looked at."""

    def act(page: Any) -> None:
        page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })")
        with page.expect_navigation():
            page.locator(selector).first.click()

    return act


def bring_in(*people: tuple[str, ...]) -> Callable[[Any], None]:
    """Uploads a workbook and opens its preview."""

    def act(page: Any) -> None:
        from tests.taskforce.people_books import NAME, both

        mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        content = both([("示例市体育局", "市体育局", "政府部门", "体育局", "0999-5550900")], people)
        page.set_input_files("input[type=file]", {"name": NAME, "mimeType": mime, "buffer": content})
        press("form[enctype] button[type=submit]")(page)

    return act


GOOD = [("示例市体育局", "王芳", "联络员", "科长", "0999-5550901"), ("市教育局", "李强", "", "副局长", "0999-5550902")]
bring_in_good = bring_in(*GOOD)
bring_in_bad = bring_in(*GOOD, ("市体肓局", "赵敏", "联络员"), ("市体育局", "钱进", "主席", "", "", "1390000000"))


def bring_in_done(page: Any) -> None:
    bring_in_good(page)
    if page.locator("button[value=confirm]").count():
        press("button[value=confirm]")(page)


def sample_away(page: Any) -> None:
    """Puts the example away in place; the narrow picture finds it folded already."""
    button = page.locator("#sample form button")
    if button.count():
        button.click()
        page.locator("#sample [role=status]").wait_for()
