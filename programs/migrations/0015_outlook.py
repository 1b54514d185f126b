"""能否完成 is kept beside the light; every task is looked at once more, so that it is there with the first reading.
A programme knows since when its ladder of reminders holds."""

from django.db import migrations, models

from programs.choices import OutlookCode


class Migration(migrations.Migration):
    dependencies = [("programs", "0014_materials_and_activities")]

    operations = [
        migrations.AddField(
            "taskstanding",
            "outlook",
            models.CharField(blank=True, choices=OutlookCode.choices, default="", max_length=10),
        ),
        migrations.AddField(
            "taskstanding", "outlook_reason", models.CharField(blank=True, default="", max_length=300)
        ),
        migrations.AddConstraint(
            "taskstanding",
            models.CheckConstraint(
                condition=models.Q(outlook__in=["", "unlikely", "at_risk", "unknown", "on_course"]),
                name="standing_outlook_known",
            ),
        ),
        migrations.AddField(
            "programme",
            "ladder_since",
            models.DateField(blank=True, editable=False, null=True, verbose_name="reminder ladder changed on"),
        ),
        migrations.RunSQL("INSERT INTO programs_standingchange (task_id) SELECT id FROM programs_task", ""),
    ]
