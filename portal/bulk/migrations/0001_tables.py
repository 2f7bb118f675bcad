import django.contrib.postgres.fields
import django.db.models.deletion
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("portal_bulk", "0001_acts_on_many_cases"),
        ("portal_bulk", "0002_hints_of_a_row"),
        ("portal_bulk", "0003_sum_of_an_act"),
    ]

    initial = True

    dependencies = [
        ("portal_accounts", "__first__"),
        ("portal_cases", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bulk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=40)),
                ("given", models.JSONField(default=dict)),
                ("back", models.CharField(blank=True, max_length=1000)),
                ("planned_at", models.DateTimeField(default=portal.clock.now)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-planned_at", "-pk"],
                "indexes": [models.Index(fields=["person", "-planned_at"], name="bulk_of_person")],
            },
        ),
        migrations.CreateModel(
            name="BulkRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen", models.CharField(blank=True, max_length=120)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "hints",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("yen", models.BigIntegerField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "まだ"),
                            ("done", "行いました"),
                            ("refused", "行えませんでした"),
                            ("moved", "先に変わっていました"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField(null=True)),
                (
                    "bulk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="portal_bulk.bulk",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("bulk", "case"), name="bulk_row_once"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["", "done", "refused", "moved"])),
                        name="bulk_row_outcome_known",
                    ),
                ],
            },
        ),
    ]
