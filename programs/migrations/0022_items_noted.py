"""What start pages say of supervised items is kept: every move of an item, part or report is noted like other changes.

What a draft holds while it is typed changes nothing there.
"""

from django.db import migrations

ANYTHING = "EXECUTE FUNCTION programs_note_anything()"
MOVED = "FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)"
TRIGGERS = {
    "item": ("programs_superviseditem", "AFTER INSERT OR UPDATE OR DELETE", "FOR EACH STATEMENT"),
    "item_part": ("programs_itempart", "AFTER INSERT OR UPDATE OR DELETE", "FOR EACH STATEMENT"),
    "item_report": ("programs_itemreport", "AFTER INSERT OR DELETE", "FOR EACH STATEMENT"),
    "item_report_moved": ("programs_itemreport", "AFTER UPDATE", MOVED),
    "item_named": ("programs_superviseditemuserobjectpermission", "AFTER INSERT OR DELETE", "FOR EACH STATEMENT"),
}


class Migration(migrations.Migration):
    dependencies = [("programs", "0021_workbooks_and_burden")]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER standing_{name} {moment} ON {table} {each} {ANYTHING}",
            f"DROP TRIGGER standing_{name} ON {table}",
        )
        for name, (table, moment, each) in TRIGGERS.items()
    ]
