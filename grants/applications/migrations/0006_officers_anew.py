"""What is typed anew lies beside the list of officers that was handed in, and says when it replaced one.
A list that was kept after the last question to the police was not asked about.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F

import portal.clock


def unsend(apps, _editor):
    lists = apps.get_model("grants_applications", "OfficerList").objects
    lists.filter(sent_at__lt=F("saved_at")).update(sent_at=None)


class Migration(migrations.Migration):
    dependencies = [("grants_applications", "0005_amending")]

    operations = [
        migrations.AddField(
            "officerlist", "came_with", models.PositiveSmallIntegerField(null=True)
        ),
        migrations.CreateModel(
            name="OfficersAnew",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed", models.BinaryField(null=True)),
                ("people", models.PositiveSmallIntegerField(default=0)),
                ("saved_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officers_anew",
                        to="grants_applications.application",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(unsend, migrations.RunPython.noop),
    ]
