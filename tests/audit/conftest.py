import time
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from qualitycity.audit.sealer import seal_pending


@dataclass(frozen=True)
class Person:
    """What the journal needs of an acting person."""

    user_id: int | None = 7
    label: str = "张明（市场监管局）"
    acting_for_id: int | None = None
    acting_for_label: str = ""
    request_id: str = "req-1"


def settle() -> None:
    """Wait until every entry is older than any running transaction, so that it may be sealed.

    Transaction ids belong to the whole server: a write in another database, such as that of a parallel test run,
    keeps the sealer waiting like one in this. Modules that keep one open for minutes run in one process with these
    tests (group "sealing"); the longest that is left loads the whole sample city.
    """
    deadline = time.monotonic() + 300
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM audit_entry"
                " WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
                "   AND xid < pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
            )
            if cursor.fetchone()[0] == 0:
                return
            assert time.monotonic() < deadline, "a transaction somewhere on the server does not end"
            time.sleep(0.02)


def settled_seal(**options: Any) -> int:
    settle()
    return seal_pending(**options)


@pytest.fixture
def subject(db):
    """Any saved row will do: the journal knows no app."""
    return ContentType.objects.get_or_create(app_label="journal", model="subject")[0]


@pytest.fixture
def unlocked(transactional_db):
    """Run SQL on the journal with its triggers off, as a database superuser could."""

    def run(statement: str, *parameters: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE audit_entry DISABLE TRIGGER ALL; ALTER TABLE audit_seal DISABLE TRIGGER ALL"
            )
            try:
                cursor.execute(statement, parameters)
            finally:
                cursor.execute(
                    "ALTER TABLE audit_entry ENABLE TRIGGER ALL; ALTER TABLE audit_seal ENABLE TRIGGER ALL"
                )

    return run
