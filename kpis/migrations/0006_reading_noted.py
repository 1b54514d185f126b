"""A reading that moves is a line that moves: what boards keep is worked out anew."""

from django.db import migrations

TRIGGER = "standing_reading"


class Migration(migrations.Migration):
    dependencies = [("kpis", "0005_doubt_settled"), ("programs", "0008_standing_changes")]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER {TRIGGER} AFTER INSERT OR UPDATE OR DELETE ON kpis_indicatorreading"
            " FOR EACH STATEMENT EXECUTE FUNCTION programs_note_anything()",
            f"DROP TRIGGER {TRIGGER} ON kpis_indicatorreading",
        )
    ]
