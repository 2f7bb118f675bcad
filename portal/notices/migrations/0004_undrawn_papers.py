import django.db.models.deletion
from django.db import migrations, models

import portal.clock


class Migration(migrations.Migration):
    dependencies = [
        ("portal_cases", "0001_tables"),
        ("portal_notices", "0003_posted"),
    ]
    operations = [
        migrations.CreateModel(
            name="UndrawnPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paper", models.CharField(max_length=30)),
                ("row", models.BigIntegerField()),
                ("since", models.DateTimeField(default=portal.clock.now)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("paper", "row"), name="notices_undrawn_once")
                ],
            },
        ),
    ]
