"""Random posts: legal, illegal and junk, by everybody to every address, one after another. Never an error of the portal.

Half of them fill in a form that really stands on a page, so that walks get somewhere; the others go straight to an
address of the address book. POSTS=200 walks longer; the seed of a walk that fails stands in the failure.
"""

import os
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from drills.visitor import Form, forms_of
from qualitycity.home.invariants import violations

from ..pages.stage import BEFORE, Stage, set_stage
from ..pages.test_address_book import BACKEND, PEOPLE, ROWS, Row, sent
from ..pages.test_bad_input import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("sealing")]
WALKS = int(os.environ.get("POSTS") or 8)
STEPS = 30
FIRST = int(os.environ.get("SEED") or 2026)
#: Pages, not files; what asks for one more word before a move stands behind a question mark.
READ = [row for row in ROWS if row.method == "GET" and "200" in row.answers and row.address.partition("?")[0][-1] == "/"]
SENT = [row for row in ROWS if row.method == "POST"]
#: Forms that stand on every page and would be picked again and again.
OF_EVERY_PAGE = {"/logout/", "/language/", "/account/large-text/"}
#: Words that a form may well be sent with.
HONEST = ("", "1", "40", "100", "理由充分", "2026-04-10", "2026-03-20", "on", "task", "unit")


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), time_machine.travel(BEFORE, tick=False) as clock, transaction.atomic():
        yield set_stage(clock)
        transaction.set_rollback(True)


class Walker:
    """Everybody of the stage with a browser, and one source of chance."""

    def __init__(self, stage: Stage, seed: str) -> None:
        self.stage, self.chance = stage, random.Random(seed)
        self.clients: dict[str, Client] = {}
        self.trace: list[str] = []
        self.sent = self.moved = 0

    def client(self, name: str) -> Client:
        if name not in self.clients:
            self.clients[name] = Client()
            if name:
                self.clients[name].force_login(self.stage.world.people[name], backend=BACKEND)
        return self.clients[name]

    def step(self) -> None:
        row = self.chance.choice(READ if self.chance.random() < 0.5 else SENT)
        allowed = [name for name, given in zip(PEOPLE, row.answers, strict=True) if name and given in ("200", "302")]
        name = self.chance.choice(allowed if allowed and self.chance.random() < 0.8 else PEOPLE)
        if row.method == "GET":
            self._by_form(row, name)
        else:
            path, values = sent(row, self.stage)
            self._post(name, path, self._spoiled(list(values.items())))

    def _by_form(self, row: Row, name: str) -> None:
        path = sent(row, self.stage)[0]
        page = self._ask(name, "get", path)
        if page.status_code != 200 or page.streaming:
            return
        forms = [form for form in forms_of(page.content.decode()) if form.action not in OF_EVERY_PAGE]
        if forms:
            form: Form = self.chance.choice(forms)
            fields: list[tuple[str, Any]] = list(form.fields)
            if form.buttons:
                fields.append(self.chance.choice(form.buttons))
            luck = self.chance.random()
            if luck < 0.4:
                # the blanks are filled in
                fields = [(field, value or self.chance.choice(HONEST)) for field, value in fields]
            elif luck < 0.7:
                fields = self._spoiled(fields)
            self._post(name, urljoin(path, form.action), fields)

    def _spoiled(self, fields: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        """Some of the values are others, some are gone, some stand twice."""
        out = []
        for field, value in fields:
            fate = self.chance.random()
            if fate < 0.15:
                value = self.chance.choice(HOSTILE)
            elif fate < 0.3:
                value = self.chance.choice(HONEST)
            elif fate < 0.35:
                continue
            out += [(field, value)] * (2 if fate > 0.97 else 1)
        return out

    def _post(self, name: str, path: str, fields: list[tuple[str, Any]]) -> None:
        data: dict[str, list[Any]] = {}
        for field, value in fields:
            if field:
                data.setdefault(field, []).append(value)
        answer = self._ask(name, "post", path, data)
        self.sent += 1
        self.moved += answer.status_code == 302

    def _ask(self, name: str, method: str, path: str, data: Any = None) -> Any:
        self.trace.append(f"{name or 'nobody'}: {method} {path} {str(data)[:300] if data else ''}")
        with transaction.atomic():
            answer = getattr(self.client(name), method)(path, data)
        assert answer.status_code < 500, answer.status_code
        return answer


@pytest.mark.parametrize("number", range(WALKS))
def test_a_walk_of_posts_meets_no_error_and_leaves_nothing_crooked(number: int, stage: Stage) -> None:
    seed = f"{FIRST}-{number}"
    with transaction.atomic():
        # the stage puts some rows where their machine would have put them
        known = set(violations())
        walker = Walker(stage, seed)
        try:
            for _step in range(STEPS):
                walker.step()
            assert set(violations()) <= known
            print(f"posts {seed}: {walker.sent} sent, {walker.moved} let through")
        except Exception as fault:
            raise AssertionError("\n".join([f"walk {seed}: {fault!r}", *walker.trace[-4:]])) from fault
        finally:
            transaction.set_rollback(True)
    assert walker.moved
