"""延期 of supervised items: how often the time limit was put off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0023_meetings_and_matters")]

    operations = [
        migrations.AddField(
            model_name="superviseditem",
            name="extended",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="extensions granted"),
        ),
    ]
