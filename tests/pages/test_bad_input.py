"""Whatever is sent: an answer in words, what was typed kept, nothing half saved, never a 5xx.

Every form of the address book is sent rubbish by a person who may use it; then the cases people really meet.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.html import escape
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from programs.domain.standings import board_day

from ..files import builders
from .stage import BEFORE, NOW, Stage, set_stage
from .test_address_book import BACKEND, PEOPLE, ROWS, Row, sent, written

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("sealing")]

RARE = "𠮷野家㐂😀👨‍👩‍👧é\u202e"
HOSTILE = (
    "", " ", "\x00", "a\x00b", "NaN", "Infinity", "-1", "0", "101", "1e400", "４０％", "٤٠", "²", "99999999999999999999",
    "2147483648", "9223372036854775808", "2026-02-30", "0001-01-01", "9999-12-31", "99999-01-01", "2026-13-01", "null",
    "[]", "{}", "../../etc/passwd", "'; DROP TABLE x; --", "<script>alert(1)</script>", "{{ 7*7 }}", "%00", "%(x)s",
    RARE, "字" * 34_000, "task-1:1", "task-:", "task-٤", "indicator-99999999999999999999", "task-1-1", "a=b&c=d",
    "//evil.example/", "tab=missing&window=\x00", "unit=²", "period=month:\x00",
)  # fmt: skip
#: Per form; FUZZ=1000 for a long night.
EXAMPLES = int(os.environ.get("FUZZ", "12"))


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), time_machine.travel(BEFORE, tick=False) as clock, transaction.atomic():
        yield set_stage(clock)
        transaction.set_rollback(True)


def signed_in(stage: Stage, name: str) -> Client:
    client = Client()
    if name:
        client.force_login(stage.world.people[name], backend=BACKEND)
    return client


def user_of(row: Row) -> str | None:
    """Whom the book lets use the form."""
    allowed = zip(PEOPLE, row.answers, strict=True)
    return next((name for name, answer in allowed if name and answer in ("302", "200", "422")), None)


FORMS = [row for row in ROWS if row.method == "POST" and user_of(row) and "far_" not in row.address]
#: Pages that read words from their address.
WORDY = {
    "inbox", "contacts", "contacts_export", "programme", "ledger_csv", "documents", "search", "review", "reports",
    "calendar", "calendar_csv", "missing", "missing_csv", "tasks_csv",
    "task", "bulk", "breakdown", "consultation", "task_move", "part_move", "programme_move", "group_list", "remark",
    "window_lock",
    "programs_task_changelist", "taskforce_department_changelist", "autocomplete",
}  # fmt: skip


def view_name(row: Row) -> str | None:
    """Name of the page behind an address whose numbers are not known yet."""
    try:
        return resolve(re.sub(r"{\w+}", "1", row.address).partition("?")[0]).url_name
    except Resolver404:
        return None


#: Each page once: what the book asks of it is replaced by rubbish.
READ = list(
    {
        row.address.partition("?")[0]: row
        for row in ROWS
        if row.method == "GET" and "200" in row.answers and view_name(row) in WORDY
    }.values()
)

#: The same examples in every run: what is red here is red everywhere.
SENDING = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
values = st.sampled_from(HOSTILE) | st.text(max_size=40) | st.integers().map(str)
files = st.builds(
    lambda name, content: SimpleUploadedFile(name or "x", content),
    st.sampled_from(
        ["a.pdf", "x.exe", "无后缀", ".pdf", "a.pdf.exe", "名" * 200 + ".pdf", "..\\..\\x.docx", "a\r\nb.pdf", "CON.png"]
    ),
    st.sampled_from([b"", b"%PDF-", b"MZ\x90", builders.pdf(), builders.pdf()[:200], b"PK\x03\x04", b"\x89PNG\r\n"]),
)


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_rubbish_in_a_form_never_breaks_the_page(row: Row, stage: Stage) -> None:
    client = signed_in(stage, user_of(row) or "")
    path, honest = sent(row, stage)
    names = [*honest, "do", "next", "back", "reason", "page"]

    @SENDING
    @given(st.dictionaries(st.sampled_from(names), st.none() | values | st.lists(values, max_size=3) | files))
    @example({name: "\x00" for name in names})
    @example({name: [] for name in names})
    def send(changes: dict[str, Any]) -> None:
        data = {**sent(row, stage)[1], **changes}
        with transaction.atomic():
            answer = client.post(path, {name: value for name, value in data.items() if value is not None})
            assert answer.status_code < 500
            assert answer.status_code != 405 or answer.content
            transaction.set_rollback(True)

    send()


@pytest.mark.parametrize("row", READ, ids=str)
def test_rubbish_in_an_address_never_breaks_the_page(row: Row, stage: Stage) -> None:
    name = next(name for name, answer in zip(PEOPLE, row.answers, strict=True) if answer == "200")
    client = signed_in(stage, name)
    path = sent(row, stage)[0].partition("?")[0]
    known = (
        "page", "q", "tab", "open", "programme", "unit", "period", "window", "section", "department", "role", "nature",
        "state", "light", "history", "action", "next", "do", "part", "paper", "unread", "jurisdiction", "kind", "o", "p",
    )  # fmt: skip
    for value in HOSTILE:
        with transaction.atomic():
            answer = client.get(path, {key: value[:3000] for key in known})
            if answer.streaming:
                b"".join(answer.streaming_content)
            assert answer.status_code < 500, value[:40]
            transaction.set_rollback(True)


def test_numbers_that_no_row_can_have_are_not_there(stage: Stage) -> None:
    client = signed_in(stage, "director")
    numbered = [row for row in ROWS if "{" in row.address.partition("?")[0] and "admin" not in row.address]
    paths = {sent(row, stage)[0].partition("?")[0] for row in numbered}
    for path in sorted(paths):
        for number in ("0", "99999999999999999999999", "2147483648"):
            with transaction.atomic():
                assert client.get(re.sub(r"\d+", number, path)).status_code in (404, 405), path
                transaction.set_rollback(True)


def test_too_many_fields_and_a_wrong_uuid_are_refused(stage: Stage) -> None:
    client = signed_in(stage, "jia_liaison")
    sheet = f"/sheets/{stage.names['window']}/{stage.names['jia']}/"
    assert client.post(sheet, {f"f{number}": "" for number in range(4100)}).status_code == 400
    assert client.get("/files/not-a-uuid/").status_code == 404


MOVED = [
    row for row in FORMS if "302" in row.answers and not row.address.startswith(("/logout", "/language", "/login"))
]


@pytest.mark.parametrize("row", MOVED, ids=str)
def test_a_double_click_does_it_once(row: Row, stage: Stage) -> None:
    """The second of two identical posts goes on as if it were the first, or is told why not: never an accident."""
    name = next(name for name, answer in zip(PEOPLE, row.answers, strict=True) if answer == "302" and name)
    with transaction.atomic():
        client = signed_in(stage, name)
        answers = []
        for _click in range(2):
            path, data = sent(row, stage)
            answers.append(client.post(path, data).status_code)
        transaction.set_rollback(True)
    assert answers[0] == 302 and answers[1] in (302, 403, 404, 409, 422)


def read_refusals() -> Iterator[tuple[str, str, str, str]]:
    """(who, address, what is sent, what the page says)."""
    for line in Path(__file__).with_name("refusals.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            head, _bar, says = line.partition("|")
            who, address, posted = head.split()
            yield who, address, posted, says.strip()


REFUSALS = list(read_refusals())
ALERT = r'class="[^"]*(?:qc-alert|qc-error|invalid|errorlist)[^"]*"[^>]*>(.*?)</(?:div|p|li|ul|section)>'


@pytest.mark.parametrize(("who", "address", "posted", "says"), REFUSALS, ids=lambda value: str(value)[:60])
def test_it_is_told_in_words_and_nothing_typed_is_lost(
    who: str, address: str, posted: str, says: str, stage: Stage
) -> None:
    row = Row("POST", address, posted.replace("「", "").replace("」", ""), ())
    path, data = sent(row, stage)
    with transaction.atomic():
        client = signed_in(stage, who)
        board_day()  # lights are results: whoever reads first works them out, refused or not
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(path, data)
        page = answer.content.decode()
        tables = written(queries)
        transaction.set_rollback(True)
    assert answer.status_code == 422
    assert 'lang="zh' in page
    alerts = re.findall(ALERT, page, re.S)
    assert any(says in text for text in alerts), f"{says} is not said in {alerts}"
    for kept in re.findall("「(.+?)」", posted):
        assert escape(kept) in page
    assert tables == set(), "something was saved"


def test_rare_characters_are_stored_and_shown_as_typed(stage: Stage) -> None:
    key, path = stage.names["blank"], f"/sheets/{stage.names['window']}/{stage.names['jia']}/"
    with transaction.atomic():
        client = signed_in(stage, "jia_liaison")
        typed = {"do": "save", f"{key}-version": "", f"{key}-progress": f"由{RARE}完成"}
        assert client.post(path, typed).status_code == 302
        assert escape(f"由{RARE}完成") in client.get(path).content.decode()
        transaction.set_rollback(True)


def test_a_locked_period_takes_nothing_and_says_so(stage: Stage) -> None:
    key, path = stage.names["blank"], f"/sheets/{stage.names['window']}/{stage.names['jia']}/"
    with transaction.atomic():
        signed_in(stage, "director").post(f"/windows/{stage.names['window']}/lock/", {"reason": "按时封存"})
        client = signed_in(stage, "jia_liaison")
        typed = {"do": "submit", f"{key}-version": "", f"{key}-progress": "迟到的进展", f"{key}-percent": "40"}
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(path, typed)
        page = answer.content.decode()
        assert (answer.status_code, written(queries)) == (422, set())
        assert "迟到的进展" in page and "封存" in page
        transaction.set_rollback(True)


def test_who_was_signed_out_while_writing_comes_back_to_the_page(stage: Stage) -> None:
    """From a page whose form goes to an address that only takes forms."""
    client, page = Client(), f"/tasks/{stage.names['task']}/?history=all"
    with transaction.atomic():
        came_from = {"referer": f"http://testserver{page}"}
        answer = client.post("/parts/sign-for/", {"part": stage.names["part"]}, headers=came_from)
        assert answer["Location"] == f"/login/?next=/tasks/{stage.names['task']}/%3Fhistory%3Dall"
        sign_in = client.get(answer["Location"])
        assert "重新登录" in sign_in.content.decode()
        done = client.post("/login/", {"username": "jia_liaison", "password": "secret-pass", "next": page})
        assert done["Location"] == page
        foreign = Client().post("/parts/sign-for/", headers={"referer": "https://evil.example/x"})
        assert foreign["Location"] == "/login/?next=/parts/sign-for/"
        transaction.set_rollback(True)


def test_the_clock_of_the_stage_stands(stage: Stage) -> None:
    """The cases above rest on an open, finished period."""
    assert timezone.localtime().isoformat() == NOW
