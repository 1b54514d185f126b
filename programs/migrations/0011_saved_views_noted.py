"""Saved views stand above the ledger, and what stands there is kept: a new one is noted like any other change."""

from django.db import migrations

TRIGGER = "standing_saved_view"


class Migration(migrations.Migration):
    dependencies = [("programs", "0010_opening_state")]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER {TRIGGER} AFTER INSERT OR UPDATE OR DELETE ON programs_savedview"
            " FOR EACH STATEMENT EXECUTE FUNCTION programs_note_anything()",
            f"DROP TRIGGER {TRIGGER} ON programs_savedview",
        )
    ]
