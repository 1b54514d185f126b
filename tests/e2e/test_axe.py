"""No page breaks a rule of WCAG 2.0 to 2.2, A or AA, in either language, at the width of an office screen or a phone.

The pages are those of the address book: every address that answers somebody with a page is opened, by one person of
the office and one of a unit where both may. States that take a click are judged where they are photographed.
"""

import pytest

from programs.domain.standings import board_day

from ..pages.stage import set_stage
from ..pages.test_address_book import PEOPLE, ROWS, Row, sent
from .axe import violations
from .conftest import NARROW, WIDE, Person

#: What is asked for but is no page: files, answers of the machine, choices for a field.
NO_PAGES = (
    ".csv", ".xlsx", ".pdf", ".ics", "/export/", "/download/", "/file/", "/healthz", "/jsi18n/", "/files/",
    "/autocomplete/",
)  # fmt: skip
#: The first of each who may open an address opens it.
SIDES = (
    ("director", "clerk", "district"), ("jia_liaison", "jia_head", "bing_liaison"), ("leader", "secretary"),
    ("sysadmin",), ("",),
)  # fmt: skip


def openers(row: Row, language: str) -> list[str]:
    """Who opens the address: the start page everybody, a register one person, a page one of each of two sides.

    English says the same with other words: one of each page is enough, and the registers are Django's.
    """
    may = {name for name, answer in zip(PEOPLE, row.answers, strict=True) if answer == "200"}
    found = [next(name for name in side if name in may) for side in SIDES if may & set(side)]
    if any(word in row.address for word in NO_PAGES) or row.method != "GET":
        return []
    if language == "en":
        return [] if row.address.startswith("/admin/") else found[:1]
    if row.address == "/":
        return [name for name in PEOPLE if name in may]
    return found[:1] if row.address.startswith("/admin/") else found[:2]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_breaks_a_rule(language, clock, transactional_db, chromium, live_server, media, client) -> None:
    stage = set_stage(clock)
    board_day()
    faults: list[str] = []
    for name in PEOPLE:
        mine = [row for row in ROWS if name in openers(row, language)]
        window = Person(chromium, live_server.url, WIDE)
        try:
            cookies = {"django_language": language}
            if name:
                client.force_login(stage.world.people[name], backend="django.contrib.auth.backends.ModelBackend")
                cookies["sessionid"] = client.cookies["sessionid"].value
            window.context.add_cookies(
                [{"name": key, "value": value, "url": live_server.url} for key, value in cookies.items()]
            )
            for row in mine:
                faults += judge(window, name, sent(row, stage)[0])
        finally:
            window.context.close()
    assert faults == [], "\n".join(faults)


def judge(window: Person, name: str, address: str) -> list[str]:
    """Violations at both widths; the second look is at the same page, narrowed."""
    page = window.page
    page.set_viewport_size(WIDE)
    answer = window.open(address)
    found = [] if answer.status == 200 else [f"{address} answers {name or 'a visitor'} {answer.status}"]
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        found += [f"{address} ({name or 'a visitor'}, {size['width']}): {fault}" for fault in violations(page)]
    return found
