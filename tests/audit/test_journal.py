"""What an entry holds, and that nobody changes it afterwards."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse

from qualitycity.audit import build_entry, history, record, write_entries
from qualitycity.audit.middleware import RequestIdMiddleware
from qualitycity.audit.models import Entry, Seal

from .conftest import Person, settled_seal

pytestmark = pytest.mark.xdist_group("sealing")


def test_an_entry_keeps_who_did_what_to_which_object(subject):
    written = record(
        subject=subject,
        action="return",
        actor=Person(acting_for_id=9, acting_for_label="李华"),
        from_state="filed",
        to_state="returned",
        reason="数据不全",
        before={"percent": Decimal("40.50"), "due": date(2026, 9, 30)},
        after={"percent": None},
        audience="unit",
    )
    entry = Entry.objects.get(pk=written.pk)
    assert (entry.subject_type, entry.subject_id, entry.subject_label) == (
        "contenttypes.contenttype", subject.pk, str(subject)
    )  # fmt: skip
    assert (entry.action, entry.from_state, entry.to_state, entry.reason) == (
        "return",
        "filed",
        "returned",
        "数据不全",
    )
    assert (entry.actor_id, entry.actor_label) == (7, "张明（市场监管局）")
    assert (entry.acting_for_id, entry.acting_for_label, entry.request_id) == (9, "李华", "req-1")
    assert entry.before == {"percent": "40.50", "due": "2026-09-30"}
    assert entry.after == {"percent": None}
    assert (entry.audience, entry.jurisdiction_id) == ("unit", None)


def test_an_entry_carries_the_jurisdiction_and_a_label_cut_to_its_column(subject):
    subject.jurisdiction_id = 12
    subject.model = "质" * 500
    entry = record(subject=subject, action="x")
    assert entry.jurisdiction_id == 12
    assert len(entry.subject_label) == 200


def test_the_clock_acts_without_a_person(subject):
    entry = record(subject=subject, action="overdue")
    assert (entry.actor_id, entry.actor_label, entry.request_id) == (None, "", "")


def test_time_is_that_of_the_moved_clock(subject):
    with time_machine.travel(datetime(2026, 3, 1, 1, tzinfo=UTC), tick=False):
        entry = record(subject=subject, action="x")
    entry.refresh_from_db()
    assert entry.at == datetime(2026, 3, 1, 1, tzinfo=UTC)
    given = record(subject=subject, action="x", at=datetime(2025, 1, 1, tzinfo=UTC))
    assert given.at == datetime(2025, 1, 1, tzinfo=UTC)


def test_the_database_gives_the_time_when_nobody_else_does(subject):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (subject_type, subject_id, subject_label, action, from_state, to_state,"
            " reason, actor_label, acting_for_label, audience, request_id)"
            " VALUES ('x', 1, '', '', '', '', '', '', '', 'all', '')"
            " RETURNING at, statement_timestamp(), xid, pg_current_xact_id()::text::bigint"
        )
        at, now, xid, mine = cursor.fetchone()
    assert (at, xid) == (now, mine)


def test_history_is_one_objects_entries_oldest_first(subject):
    other = ContentType.objects.create(app_label="journal", model="other")
    for action in ("file", "sign"):
        record(subject=subject, action=action)
        record(subject=other, action=action)
    assert [entry.action for entry in history(subject)] == ["file", "sign"]
    assert {entry.subject_id for entry in history(subject)} == {subject.pk}


def test_many_entries_are_one_query(subject, django_assert_num_queries):
    entries = [build_entry(subject=subject, action=f"a{number}") for number in range(30)]
    with django_assert_num_queries(1):
        write_entries(entries)
    assert [entry.action for entry in history(subject)] == [f"a{number}" for number in range(30)]


def test_an_unsaved_object_has_no_history(db):
    with pytest.raises(ValueError, match="saved"):
        record(subject=ContentType(app_label="a", model="b"), action="x")


def test_an_unknown_audience_is_refused(subject):
    with pytest.raises(IntegrityError, match="audience_known"):
        record(subject=subject, action="x", audience="public")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        lambda: Entry.objects.update(reason="rewritten"),
        lambda: Entry.objects.all().delete(),
        lambda: Seal.objects.update(hash="0" * 64),
        lambda: Seal.objects.all().delete(),
    ],
    ids=["update entry", "delete entry", "update seal", "delete seal"],
)
def test_the_database_refuses_to_change_the_journal(subject, change):
    record(subject=subject, action="x", reason="original")
    settled_seal()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change()
    assert Entry.objects.get().reason == "original"
    assert Seal.objects.get().seq == 1


def test_every_request_has_a_number_of_the_portals_own():
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.request_id)
        return HttpResponse()

    request = HttpRequest()
    request.META["HTTP_X_REQUEST_ID"] = "forged"
    middleware = RequestIdMiddleware(view)
    first, second = middleware(request)["X-Request-ID"], middleware(HttpRequest())["X-Request-ID"]
    assert seen == [first, second]
    assert first != second
    assert "forged" not in seen
