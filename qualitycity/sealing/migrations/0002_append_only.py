"""A sealed rule stays as it was: the database refuses UPDATE and DELETE (TRUNCATE empties test databases)."""

from django.db import migrations

CREATE_FUNCTION = """
CREATE FUNCTION sealing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %: a sealed rule does not change', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""

CREATE_TRIGGER = """
CREATE TRIGGER sealing_rulesnapshot_append_only BEFORE UPDATE OR DELETE ON sealing_rulesnapshot
    FOR EACH ROW EXECUTE FUNCTION sealing_refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("sealing", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE_FUNCTION, "DROP FUNCTION sealing_refuse_change()"),
        migrations.RunSQL(
            CREATE_TRIGGER, "DROP TRIGGER sealing_rulesnapshot_append_only ON sealing_rulesnapshot"
        ),
    ]
