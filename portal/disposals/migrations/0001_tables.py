import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("portal_disposals", "0001_initial"),
        ("portal_disposals", "0002_handed_over_by_two"),
    ]

    dependencies = [
        ("portal_approvals", "0001_tables"),
        ("portal_cases", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Disposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("kept_until", models.DateField()),
                ("reason", models.TextField(blank=True)),
                ("receipt", models.CharField(blank=True, max_length=60)),
                ("received_on", models.DateField(null=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "approval",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_approvals.approval",
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disposal",
                        to="portal_cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["kept_until", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "destroyed",
                                    "due",
                                    "extended",
                                    "handed_over",
                                    "said_handed",
                                    "to_archives",
                                ],
                            )
                        ),
                        name="disposals_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "due"), ("approval__isnull", False), _connector="OR"
                        ),
                        name="disposals_by_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["said_handed", "handed_over"]), _negated=True),
                            ("received_on__isnull", False),
                            _connector="OR",
                        ),
                        name="disposals_receipt",
                    ),
                ],
            },
        ),
    ]
