from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg2 import sql

from qualitycity.audit.models import Entry, Seal

_GRANTS: Final = (
    # the scan of reminders works through a temporary table
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
    # servers upgraded from before PostgreSQL 15 still let everybody create tables here
    "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    # tables of later migrations, which the owner will create
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)
_REVOKE: Final = "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}"


class Command(BaseCommand):
    help = (
        "Gives an existing database role what the running portal needs and no more: it reads and writes "
        "rows, but changes no tables and cannot touch the journal once written. Run as owner after every migrate."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="name of the runtime role, made beforehand with CREATE ROLE … LOGIN")

    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"]
        with transaction.atomic(), connection.cursor() as cursor:
            self._refuse_unfit(cursor, role)
            cursor.execute("SELECT current_database(), current_schema()")
            database, schema = cursor.fetchone()
            names = {
                "database": sql.Identifier(database),
                "schema": sql.Identifier(schema),
                "role": sql.Identifier(role),
            }
            for statement in _GRANTS:
                cursor.execute(sql.SQL(statement).format(**names))
            for model in (Entry, Seal):
                table = sql.Identifier(model._meta.db_table)
                cursor.execute(sql.SQL(_REVOKE).format(table=table, role=names["role"]))
        self.stdout.write(f"Role {role} may run the portal; the journal is append-only for it.")

    def _refuse_unfit(self, cursor: Any, role: str) -> None:
        """Nothing can be taken from the journal's owner, his members or a superuser: they pass it by."""
        cursor.execute(
            "SELECT pg_has_role(pg_roles.oid, relowner, 'MEMBER') FROM pg_roles, pg_class"
            " WHERE rolname = %s AND pg_class.oid = to_regclass(%s)",
            [role, Entry._meta.db_table],
        )
        row = cursor.fetchone()
        if row is None:
            raise CommandError(
                f"There is no database role {role!r}. Make it first: CREATE ROLE … LOGIN PASSWORD …"
            )
        if row[0]:
            raise CommandError(
                f"{role!r} owns the journal or is a superuser; the portal needs a role of its own."
            )
