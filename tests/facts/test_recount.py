"""The five programmes counted again: in the database, and on the pages that a person reads.

Every number is a reader's, counted by hand in the documents.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest

from awards.models import AwardScheme
from kpis.models import Indicator
from programs.models import AssessmentRule, Deliverable, Phase, Responsibility, Task
from taskforce.models import Department, DepartmentGroup, Seat

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Expected:
    """`least`: there are at least so many deliverables and reports. `seats`: (head, deputy entries, member units)."""

    tasks: int
    others: int
    lead: int
    support: int
    responsible: int
    units: int
    groups: int
    strict: int
    phases: int
    body: str
    seats: tuple[int, int, int]
    schemes: int
    least: int
    rules: int

    @property
    def links(self):
        return self.lead + self.support + self.responsible


BY_HAND = {
    "chengdu-2012": Expected(
        tasks=10, others=7, lead=0, support=0, responsible=0, units=0, groups=0, strict=7, phases=4,
        body="领导小组", seats=(1, 3, 36), schemes=3, least=19, rules=8,
    ),
    "huangshi-2015": Expected(
        tasks=9, others=5, lead=0, support=0, responsible=0, units=0, groups=0, strict=13, phases=0,
        body="领导小组", seats=(1, 8, 39), schemes=2, least=29, rules=6,
    ),
    "shantou-2013": Expected(
        tasks=23, others=0, lead=1, support=4, responsible=116, units=25, groups=1, strict=0, phases=0,
        body="", seats=(0, 0, 0), schemes=1, least=20, rules=5,
    ),
    "pingli-2016": Expected(
        tasks=38, others=3, lead=23, support=41, responsible=42, units=17, groups=4, strict=19, phases=0,
        body="推进委员会", seats=(0, 0, 0), schemes=5, least=31, rules=6,
    ),
    "hangzhou-2016": Expected(
        tasks=16, others=0, lead=12, support=75, responsible=14, units=17, groups=1, strict=18, phases=0,
        body="领导小组", seats=(0, 0, 0), schemes=4, least=39, rules=8,
    ),
}  # fmt: skip


@pytest.fixture(params=BY_HAND)
def counted(request, load):
    """(programme, what a reader counts)"""
    return load(request.param), BY_HAND[request.param]


def test_the_database_holds_what_a_reader_counts(counted):
    programme, by_hand = counted
    links = Responsibility.objects.filter(task__programme=programme)
    roles = list(links.values_list("role", flat=True))
    assert Task.objects.filter(programme=programme, kind="work").count() == by_hand.tasks
    assert Task.objects.filter(programme=programme).exclude(kind="work").count() == by_hand.others
    assert (len(roles), roles.count("lead"), roles.count("support")) == (
        by_hand.links, by_hand.lead, by_hand.support,
    )  # fmt: skip
    assert sum(role in ("joint", "sole", "all_members") for role in roles) == by_hand.responsible
    assert Department.objects.filter(responsibilities__in=links).distinct().count() == by_hand.units
    assert DepartmentGroup.objects.filter(responsibilities__in=links).distinct().count() == by_hand.groups
    assert Indicator.objects.filter(programme=programme, strict=True).count() == by_hand.strict
    assert Phase.objects.filter(programme=programme).count() == by_hand.phases
    assert AwardScheme.objects.filter(programme=programme, role="scheme").count() == by_hand.schemes
    assert Deliverable.objects.filter(programme=programme).count() >= by_hand.least
    assert AssessmentRule.objects.filter(programme=programme).count() == by_hand.rules
    assert by_hand.body in (programme.body.name if programme.body else "")
    assert bool(programme.body) is bool(by_hand.body)
    seats = list(Seat.objects.filter(body=programme.body_id or 0).values_list("role", flat=True))
    deputies = seats.count("deputy") + seats.count("executive_deputy")
    assert (seats.count("head"), deputies, seats.count("member")) == by_hand.seats


class Page(HTMLParser):
    """Rows of the page's blocks: block → list of the row's kind; `units`: [role, words, address of the unit's page] of
    every unit named for a task; `said`: [label, figure and note] of the summary."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.units, self.said = {}, [], []
        self._block, self._body, self._unit, self._count = "", False, False, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        if tag == "section" and "qc-fact-block" in classes:
            self._block = given["aria-labelledby"]
            self.rows[self._block] = []
        elif tag == "tbody":
            self._body = True
        elif tag == "tr" and self._block and self._body:
            self.rows[self._block].append(given.get("data-kind", ""))
        elif tag == "li" and self._block and "data-kind" in given:
            self.units.append([given["data-kind"], "", ""])
            self._unit = True
        elif tag == "a" and self._unit:
            self.units[-1][2] = given["href"]
        elif tag == "dt":
            self._count = ["", ""]
        elif tag == "dd" and self._count is not None:
            self.said.append(self._count)
            self._count = None

    def handle_endtag(self, tag):
        if tag == "tbody":
            self._body = False
        elif tag == "section":
            self._block = ""
        elif tag == "li":
            self._unit = False

    def handle_data(self, data):
        if self._count is not None:
            self._count[0] += data
        elif self.said and not self._block and data.strip():
            self.said[-1][1] += f" {data.strip()}"
        if self._unit:
            self.units[-1][1] += data.strip()


def read(client, programme):
    answer = client.get(f"/programmes/{programme.pk}/facts/")
    assert answer.status_code == 200
    return Page(answer.content.decode())


def test_the_page_shows_what_a_reader_counts(counted, office_of):
    programme, by_hand = counted
    page = read(office_of(programme), programme)
    kinds = page.rows
    assert (kinds["tasks"].count("work"), len(kinds["tasks"])) == (by_hand.tasks, by_hand.tasks + by_hand.others)
    roles = [unit[0] for unit in page.units]
    assert (len(roles), roles.count("lead"), roles.count("support")) == (
        by_hand.links, by_hand.lead, by_hand.support,
    )  # fmt: skip
    assert sum(role in ("joint", "sole", "all_members") for role in roles) == by_hand.responsible
    assert len({unit[2] for unit in page.units if re.fullmatch(r"/departments/\d+/", unit[2])}) == by_hand.units
    assert len({unit[1] for unit in page.units if not unit[2]}) == by_hand.groups
    assert kinds["indicators"].count("strict") == by_hand.strict
    assert len(kinds["phases"]) == by_hand.phases
    assert kinds["schemes"].count("scheme") == by_hand.schemes
    assert len(kinds["deliverables"]) >= by_hand.least
    assert len(kinds["rules"]) == by_hand.rules
    seats = kinds["body"]
    deputies = seats.count("deputy") + seats.count("executive_deputy")
    assert (seats.count("head"), deputies, seats.count("member")) == by_hand.seats


def test_the_summary_says_the_same_figures_as_its_blocks(counted, office_of):
    programme, by_hand = counted
    page = read(office_of(programme), programme)
    figures = [re.search(r"\d+", words) for _label, words in page.said]
    said = [int(found.group()) if found else 0 for found in figures]
    assert by_hand.body in page.said[6][1]
    # tasks, links, units, indicators, schemes, phases, body (its head), deliverables, rules, duties
    assert said[:6] == [
        by_hand.tasks, by_hand.links, by_hand.units, by_hand.strict, by_hand.schemes, by_hand.phases,
    ]  # fmt: skip
    assert said[7] == len(page.rows["deliverables"]) >= by_hand.least
    assert said[8] == by_hand.rules


def test_every_task_page_shows_clause_role_and_unit_as_printed(counted, facts, office_of):
    """Each printed unit stands on the page of its task with its role, its printed form and its name in the register."""
    programme, _by_hand = counted
    client = office_of(programme)
    for row in facts[programme.key].tasks:
        task = Task.objects.get(programme=programme, clause_path=row.path)
        page = client.get(f"/tasks/{task.pk}/").content.decode()
        assert row.path in page, row.path
        if row.inherited_from:
            assert f'data-clause="{row.inherited_from}"' in page, row.path
        for part in task.parts.select_related("department", "group"):
            assert f"原文作“{part.printed}”" in page, (row.path, part.printed)
            assert str(part.department or part.group) in page
            assert str(part.get_role_display()) in page
            assert part.role_printed in page
