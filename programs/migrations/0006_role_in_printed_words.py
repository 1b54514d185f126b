from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("programs", "0005_printed_facts_and_validity"),
    ]

    operations = [
        migrations.AddField(
            model_name="responsibility",
            name="role_printed",
            field=models.CharField(
                blank=True,
                help_text="Where the clause does not use the role's own word.",
                max_length=20,
                verbose_name="role in the printed words",
            ),
        ),
        # the office may correct the successor in the register: asked where the answer is given
        migrations.RemoveConstraint(model_name="policydocument", name="document_revised_by_another"),
    ]
