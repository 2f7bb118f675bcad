import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("grants_applications", "0001_tables"),
        ("portal_cases", "0001_tables"),
        ("portal_registry", "0001_tables"),
        ("startups_challenges", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Match",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("respond_by", models.DateField()),
                ("slots", models.JSONField(default=list)),
                ("place", models.CharField(blank=True, max_length=120)),
                ("slot", models.DateTimeField(null=True)),
                ("minutes", models.TextField(blank=True)),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[("agree", "実証を行いたい"), ("decline", "見送りたい")],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("decided_on", models.DateField(null=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="portal_cases.case",
                    ),
                ),
                (
                    "challenge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="startups_challenges.challenge",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_registry.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["agreed", "declined", "interviewing", "proposed", "withdrawn"],
                            )
                        ),
                        name="matching_state",
                    ),
                    models.UniqueConstraint(
                        fields=("application", "challenge", "municipality"), name="matching_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("agreed", "declined")), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="matching_decided_has_reason",
                    ),
                ],
            },
        ),
    ]
