"""The database role of the running portal: works with rows, cannot touch the journal nor the tables."""

import os

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from psycopg2 import sql

from qualitycity.audit import record
from qualitycity.audit.models import Entry

from .conftest import settled_seal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("sealing")]

#: A name that would be an attack if it were pasted into SQL. Roles belong to the whole server: two runs of the
#: suite on one server must not meet.
ROLE = f'portal "app" {os.getpid()}; DROP TABLE audit_entry; --'


def execute(statement: str, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@pytest.fixture
def role():
    execute("CREATE ROLE {}", ROLE)
    yield ROLE
    execute("RESET ROLE")
    execute("DROP OWNED BY {}", ROLE)
    execute("DROP ROLE {}", ROLE)


def refused(statement: str) -> bool:
    try:
        with transaction.atomic():
            execute(statement)
    except ProgrammingError as error:
        return isinstance(error.__cause__, psycopg2.errors.InsufficientPrivilege)
    return False


def test_the_runtime_role_writes_the_journal_and_cannot_change_it(role, subject):
    call_command("grant_runtime_role", role)
    execute("CREATE TABLE later_migration (id serial)")
    try:
        execute("SET ROLE {}", role)
        record(subject=subject, action="x")
        assert settled_seal() == 1
        execute("INSERT INTO later_migration DEFAULT VALUES")
        execute("UPDATE django_content_type SET app_label = app_label")
        assert Entry.objects.count() == 1
        assert refused("UPDATE audit_entry SET reason = 'x'")
        assert refused("DELETE FROM audit_entry")
        assert refused("TRUNCATE audit_entry")
        assert refused("UPDATE audit_seal SET hash = 'x'")
        assert refused("DELETE FROM audit_seal")
        assert refused("TRUNCATE audit_seal")
        assert refused("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        assert refused("CREATE TABLE own_table (id int)")
        assert refused("DROP TABLE later_migration")
    finally:
        execute("RESET ROLE")
        execute("DROP TABLE later_migration")


def test_a_role_that_does_not_exist_is_named():
    with pytest.raises(CommandError, match="no database role 'nobody-here'"):
        call_command("grant_runtime_role", "nobody-here")


def test_the_owner_is_refused_because_nothing_could_be_taken_from_him():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    with pytest.raises(CommandError, match="a role of its own"):
        call_command("grant_runtime_role", owner)


def test_a_member_of_the_owner_is_refused_too(role):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        execute("GRANT {} TO {}", cursor.fetchone()[0], role)
    with pytest.raises(CommandError, match="a role of its own"):
        call_command("grant_runtime_role", role)
