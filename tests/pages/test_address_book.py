"""The address book (addresses.txt) against the portal: who gets what where, and that nothing else happens.

Every address of the portal is in the book, for reading and for writing. A refused request writes nothing, a GET
writes nothing but the journal of what left the portal, and no request without its CSRF token gets anywhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from programs.domain.standings import board_day

from ..files import builders
from .stage import BEFORE, Stage, set_stage

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("sealing")]
BOOK = Path(__file__).with_name("addresses.txt")
PEOPLE = (
    "", "stranger", "sysadmin", "jia_liaison", "jia_head", "yi_liaison", "bing_liaison", "district", "clerk", "director",
    "leader", "secretary", "supervisor", "auditor",
)  # fmt: skip
BACKEND = "django.contrib.auth.backends.ModelBackend"
#: What is taken out of the portal is journalled although it is a GET.
JOURNALLED = {
    "ledger_csv", "ledger_xlsx", "contacts_export", "contacts_csv", "report_download", "calendar_csv", "calendar_xlsx",
    "missing_csv", "missing_xlsx", "tasks_csv", "people_template", "items_csv", "items_xlsx", "item_paper",
    "materials_csv", "materials_xlsx", "slip_paper", "bulletin_paper", "calls_xlsx", "workbook_form",
    "matters_xlsx", "meeting_papers_pdf", "meeting_minutes_pdf",
}  # fmt: skip
POINT = re.compile(r'\s*(?P<back>ROLLBACK TO )?SAVEPOINT\s+"?(?P<name>\w+)', re.IGNORECASE)
WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    method: str
    address: str
    posted: str
    answers: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.address} {self.posted}".strip()


def read_book() -> Iterator[Row]:
    for number, line in enumerate(BOOK.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith(("#", "==")):
            continue
        head, bar, cells = line.partition("|")
        method, address, *posted = head.split()
        answers = cells.split()
        if len(answers) == 2:
            answers = [answers[0], *[answers[1]] * (len(PEOPLE) - 1)]
        assert bar and len(answers) == len(PEOPLE) and len(posted) <= 1, f"line {number} of {BOOK.name}: {line}"
        yield Row(method, address, "".join(posted), tuple(answers))


ROWS = list(read_book())


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Built once; whatever a row changes is taken back after each person."""
    with django_db_blocker.unblock(), time_machine.travel(BEFORE, tick=False) as clock, transaction.atomic():
        built = set_stage(clock)
        # the first reader after a change works the standings out, and that is the one thing a reader writes
        board_day()
        yield built
        transaction.set_rollback(True)


def sent(row: Row, stage: Stage) -> tuple[str, dict[str, Any]]:
    """Address and posted values with the names of the stage filled in."""

    def filled(text: str) -> str:
        return re.sub(r"{(\w+)}", lambda found: str(stage.names[found[1]]), text)

    path, mark, query = filled(row.address).partition("?")
    values: dict[str, Any] = dict(parse_qsl(filled(row.posted), keep_blank_values=True, strict_parsing=bool(row.posted)))
    for name, value in values.items():
        if value == "@pdf":
            values[name] = SimpleUploadedFile("材料.pdf", builders.pdf())
    return path + mark + quote(query, safe="=&"), values


@pytest.fixture(scope="module")
def sessions(stage: Stage) -> dict[str, str]:
    """Signed in once: session keys by person."""
    keys = {}
    for name in filter(None, PEOPLE):
        client = Client()
        client.force_login(stage.world.people[name], backend=BACKEND)
        keys[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return keys


def visitor(sessions: dict[str, str], name: str, **options: Any) -> Client:
    client = Client(**options)
    if name:
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[name]
    return client


def answer(response: Any, path: str) -> str:
    """The answer as the book writes it."""
    if response.status_code == 302 and response["Location"] == f"/login/?{urlencode({'next': path}, safe='/')}":
        return "L"
    return str(response.status_code)


def written(queries: Any) -> set[str]:
    """Tables that were written to, less what a savepoint took back."""
    tables: list[str] = []
    points: dict[str, int] = {}
    for query in queries.captured_queries:
        if found := WRITE.match(query["sql"]):
            tables.append(found[1])
        elif found := POINT.match(query["sql"]):
            if found["back"]:
                del tables[points[found["name"]] :]
            else:
                points[found["name"]] = len(tables)
    return set(tables)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_the_answer_of_the_book(row: Row, stage: Stage, sessions: dict[str, str]) -> None:
    found, effects = [], []
    for name in PEOPLE:
        with transaction.atomic():
            client = visitor(sessions, name)
            path, values = sent(row, stage)
            with CaptureQueriesContext(connection) as queries:
                if row.method == "GET":
                    response = client.get(path)
                else:
                    response = client.post(path, values)
                if response.streaming:
                    # what fails while it is sent fails as well
                    assert b"".join(response.streaming_content)
            found.append(answer(response, path))
            tables = written(queries)
            if row.method == "GET" and resolve(path.partition("?")[0]).url_name in JOURNALLED and found[-1] == "200":
                tables -= {"audit_entry"}
            if tables and (row.method == "GET" or found[-1] not in ("200", "302")):
                effects.append((name, found[-1], tables))
            transaction.set_rollback(True)
    differing = {
        name or "anonymous": f"{got}, the book says {expected}"
        for name, got, expected in zip(PEOPLE, found, row.answers, strict=True)
        if got != expected
    }
    assert differing == {}
    assert effects == [], "something was written"


@pytest.mark.parametrize("row", {row.address: row for row in ROWS if row.method == "POST"}.values(), ids=str)
def test_no_post_without_its_token(row: Row, stage: Stage, sessions: dict[str, str]) -> None:
    """Asked by a visitor and by somebody who may: whether an address asks for the token does not hang on the person."""
    may = [name for name, answer in zip(PEOPLE, row.answers, strict=True) if name and answer in ("200", "302", "422")]
    for name in ("", (may or ["director"])[0]):
        with transaction.atomic():
            path, values = sent(row, stage)
            client = visitor(sessions, name, enforce_csrf_checks=True)
            with CaptureQueriesContext(connection) as queries:
                response = client.post(path, values)
            assert response.status_code == 403, name
            assert written(queries) == set(), name
            transaction.set_rollback(True)


def walk(patterns: Any, prefix: str = "") -> Iterator[str]:
    """Every address as its pattern, depth first."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def entry(route: str, method: str) -> str:
    """How an address is listed: the pages of a row are alike in all registers of the admin, the lists are not."""
    page = re.fullmatch(r"admin/\w+/\w+/(.*)", route)
    if page and (page[1] or method == "POST"):
        return f"admin/*/*/{page[1]}"
    return route


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_address_is_in_the_book(method: str, stage: Stage) -> None:
    every = {entry(route, method) for route in walk(get_resolver().url_patterns)}
    listed = set()
    for row in ROWS:
        if row.method == method:
            path, _values = sent(row, stage)
            listed.add(entry(resolve(path.partition("?")[0]).route, method))
    assert sorted(every - listed) == [], "addresses without a line in the book"
