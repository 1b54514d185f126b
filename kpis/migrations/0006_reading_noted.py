"""A reading that moves is a line that moves, an indicator that is mended is drawn anew: boards keep neither."""

from django.db import migrations

TABLES = {"standing_reading": "kpis_indicatorreading", "standing_indicator": "kpis_indicator"}


class Migration(migrations.Migration):
    dependencies = [("kpis", "0005_doubt_settled"), ("programs", "0008_standing_changes")]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION programs_note_anything()",
            f"DROP TRIGGER {trigger} ON {table}",
        )
        for trigger, table in TABLES.items()
    ]
