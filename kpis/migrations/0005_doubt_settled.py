from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("kpis", "0004_names_of_columns"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicator",
            name="settled_basis",
            field=models.CharField(
                blank=True, editable=False, max_length=200, verbose_name="how the office knows"
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="settled_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="doubt settled on"),
        ),
    ]
