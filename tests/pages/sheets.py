"""What the tests of the sheet share: addresses, and a browser's view of a form."""

from html.parser import HTMLParser

from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpis.models import Indicator
from programs.domain import tasks as tasks_domain
from tests.factories import make_part, make_task


def sheet_url(world, unit: str, name: str = "sheet", *more, window=None) -> str:
    return reverse(name, args=[(window or world.window).pk, world.units[unit].pk, *more])


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self.area: str | None = None

    def handle_starttag(self, tag, attrs) -> None:
        names = dict(attrs)
        if tag == "input" and names.get("name") and names.get("type") not in ("checkbox", "file", "submit"):
            self.found[names["name"]] = names.get("value") or ""
        elif tag == "textarea":
            self.area = names["name"]
            self.found[self.area] = ""

    def handle_data(self, data) -> None:
        if self.area:
            self.found[self.area] += data

    def handle_endtag(self, tag) -> None:
        if tag == "textarea" and self.area:
            # the line break after <textarea> belongs to the mark-up
            self.found[self.area] = self.found[self.area].removeprefix("\n")
            self.area = None


def fields_of(page) -> dict[str, str]:
    """Names and values that the forms of a page would send, without buttons and ticks."""
    parser = _Fields()
    parser.feed(page.content.decode())
    return parser.found


def widen(world, tasks: int, indicators: int) -> None:
    """Gives 甲局 further lines: assigned tasks of both natures, and indicators to report."""
    made = []
    have = world.programme.tasks.count()
    for number in range(have + 1, have + 1 + tasks):
        task = make_task(world.programme, number, nature="ongoing" if number % 2 else "outcome")
        make_part(task, world.units["甲局"], "lead")
        made.append(task)
    tasks_domain.confirm(made, actor=world.actor("director"))
    tasks_domain.assign(made, actor=world.actor("director"))
    have = Indicator.objects.count()
    for number in range(have, have + indicators):
        Indicator.objects.create(
            programme=world.programme, name=f"指标{number}", kind="numeric", comparator=">=", value=90, unit="%",
            clause_path=f"三/({number})", reporter=world.units["甲局"],
        )


def filled(page, **values: str) -> dict[str, str]:
    """The fields of a page with an answer in each empty one; `values` by name of the field replace the answer."""
    answers = {
        "progress": "已完成阶段工作", "result": "取得成效", "percent": "40", "next_steps": "继续推进", "value": "96.5",
        "note": "统计局核定",
    } | values
    posted = fields_of(page)
    for name in posted:
        field = name.rpartition("-")[2]
        if field in answers and (not posted[name] or field in values):
            posted[name] = answers[field]
    return posted


def keys_of(page) -> list[str]:
    return [line.key for line in page.context["sheet"].lines]


MARKS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class Statements(CaptureQueriesContext):
    """Queries of a block without the marks of nested transactions, which ask the database nothing."""

    @property
    def counted(self) -> list[str]:
        return [
            query["sql"] for query in self.captured_queries if not query["sql"].startswith(MARKS)
        ]
