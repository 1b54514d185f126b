"""What the browser is told with every answer: pages, files, refusals, and what goes wrong."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import resolve

from .stage import BEFORE, Stage, set_stage
from .test_address_book import BACKEND, ROWS, sent

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("sealing")]

#: One sentence per directive, to the letter: a source added anywhere is a decision, and made here as well.
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
    "font-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
    "object-src": "'none'", "frame-ancestors": "'none'",
}  # fmt: skip
#: A file that is handed out may do nothing at all, even opened in a tab.
FILE_POLICY = {"sandbox": "", "default-src": "'none'"}
#: Pages that show the same to everybody hold nothing that the next person at this computer may not see.
#: The calendar is fetched by a person's own device, which asks each time whether it has changed.
PUBLIC = {"login", "set_language", "healthz", "readyz", "styleguide", "calendar_feed"}
FILES = {
    "file", "policy_file", "report_download", "slip_paper", "bulletin_paper", "meeting_papers_pdf",
    "meeting_minutes_pdf",
}  # fmt: skip


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), time_machine.travel(BEFORE, tick=False) as clock, transaction.atomic():
        yield set_stage(clock)
        transaction.set_rollback(True)


def policy(response: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";") if part.strip())
    return {name: sources.strip() for name, _space, sources in parts}


def check(response: Any, expected: dict[str, str]) -> None:
    assert policy(response) == expected
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"


READ = [row for row in ROWS if row.method == "GET"]


@pytest.mark.parametrize("name", ["", "jia_liaison", "director", "sysadmin", "stranger"])
def test_every_page_tells_the_browser_what_it_may_do(stage: Stage, name: str) -> None:
    client = Client()
    if name:
        client.force_login(stage.world.people[name], backend=BACKEND)
    for row in READ:
        path, _values = sent(row, stage)
        found = resolve(path.partition("?")[0])
        with transaction.atomic():
            response = client.get(path)
            transaction.set_rollback(True)
        handed_out = response.status_code == 200 and found.url_name in FILES
        try:
            check(response, FILE_POLICY if handed_out else POLICY)
            if response.status_code == 200 and found.url_name not in PUBLIC:
                assert {"no-store", "private"} <= set(response["Cache-Control"].split(", ")), response["Cache-Control"]
        except (AssertionError, KeyError) as error:
            raise AssertionError(f"{row} for {name or 'a visitor'}: {error}") from error


def test_refusals_and_accidents_carry_them_too(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(stage.world.people["jia_liaison"], backend=BACKEND)
    check(client.get("/no/such/page/"), POLICY)
    check(client.post("/account/large-text/", {"on": "1"}), POLICY)
    check(client.get("/inbox/read/"), POLICY)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("qualitycity.home.views.inbox.Paginator", broken)
    answer = client.get("/inbox/")
    assert answer.status_code == 500 and "planted" not in answer.content.decode()
    check(answer, POLICY)


def test_the_session_cookie_is_out_of_reach(stage: Stage) -> None:
    client = Client()
    assert client.post("/login/", {"username": "jia_liaison", "password": "secret-pass"})["Location"] == "/"
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_after_signing_out_an_old_cookie_opens_nothing(stage: Stage) -> None:
    client = Client()
    client.force_login(stage.world.people["jia_liaison"], backend=BACKEND)
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/logout/")
    client.cookies[settings.SESSION_COOKIE_NAME] = old
    assert client.get("/sheets/")["Location"] == "/login/?next=/sheets/"


def test_a_role_that_ends_ends_at_the_next_click(stage: Stage) -> None:
    client = Client()
    person = stage.world.people["jia_liaison"]
    client.force_login(person, backend=BACKEND)
    address = f"/sheets/{stage.names['window']}/{stage.names['jia']}/"
    assert client.get(address).status_code == 200
    person.memberships.update(valid_until="2026-04-02")
    assert client.get(address).status_code == 404
    person.is_active = False
    person.save()
    assert client.get("/")["Location"] == "/login/?next=/"
