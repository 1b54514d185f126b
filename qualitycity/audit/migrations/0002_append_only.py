"""The database itself refuses to change or delete what the journal holds, whoever asks and by whatever road.

TRUNCATE is left possible for emptying a test database; the runtime role has no right to it.
"""

from django.db import migrations

PROTECTED = ("audit_entry", "audit_seal")

CREATE_FUNCTION = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %: the journal is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


def _create_trigger(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()"
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE_FUNCTION, "DROP FUNCTION audit_refuse_change()"),
        *(
            migrations.RunSQL(_create_trigger(table), f"DROP TRIGGER {table}_append_only ON {table}")
            for table in PROTECTED
        ),
    ]
