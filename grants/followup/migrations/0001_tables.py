import django.db.models.deletion
import django_fsm
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("grants_followup", "0001_initial"),
        ("grants_followup", "0002_input_tax_in_yen"),
        ("grants_followup", "0003_life_changes"),
        ("grants_followup", "0004_clues"),
    ]

    initial = True

    dependencies = [
        ("grants_awards", "0001_tables"),
        ("portal_accounts", "__first__"),
        ("portal_cases", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Asset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=100)),
                ("model", models.CharField(blank=True, max_length=100)),
                ("quantity", models.PositiveIntegerField(default=1)),
                ("cost", models.BigIntegerField()),
                ("acquired_on", models.DateField()),
                ("life_years", models.PositiveSmallIntegerField()),
                ("place", models.CharField(blank=True, max_length=200)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("disposed_on", models.DateField(null=True)),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assets",
                        to="grants_awards.award",
                    ),
                ),
            ],
            options={
                "ordering": ["item", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("award", "item"), name="followup_asset_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cost__gt", 0), ("life_years__gt", 0), ("quantity__gt", 0)
                        ),
                        name="followup_asset_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signal", models.CharField(max_length=300)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="portal_cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "signal"), name="followup_clue_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Dismissal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signal", models.CharField(max_length=300)),
                ("reason", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dismissals",
                        to="portal_cases.case",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "signal"), name="followup_dismissed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("progress", "状況報告"),
                            ("use", "利用状況の報告"),
                            ("effect", "事業効果の報告"),
                            ("vat", "消費税仕入控除税額の報告"),
                            ("disposal", "財産処分の申請"),
                        ],
                        max_length=10,
                    ),
                ),
                ("period", models.PositiveSmallIntegerField(default=0)),
                ("due_on", models.DateField(null=True)),
                ("typed", models.JSONField(default=dict)),
                ("content", models.JSONField(default=dict)),
                ("checked", models.JSONField(default=dict)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("correct_by", models.DateField(null=True)),
                ("return_reason", models.TextField(blank=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="grants_followup.asset",
                    ),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="grants_awards.award",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="portal_cases.case",
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
                                [
                                    "accepted",
                                    "denied",
                                    "draft",
                                    "returned",
                                    "submitted",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="followup_filing_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["progress", "use", "effect", "vat", "disposal"])
                        ),
                        name="followup_filing_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "disposal"), ("asset", None), _connector="XOR"),
                        name="followup_filing_asset",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "disposal"), _negated=True),
                        fields=("award", "kind", "period"),
                        name="followup_filing_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "submitted", "returned"))),
                        fields=("asset",),
                        name="followup_disposal_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LifeChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=portal.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("years", models.PositiveSmallIntegerField()),
                ("ground", models.CharField(max_length=300)),
                ("is_confirmed", models.BooleanField(default=False)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="life_changes",
                        to="grants_followup.asset",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("asset",),
                        name="followup_one_life_change",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("years__gt", 0)), name="followup_life_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_confirmed", False),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("closed_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="followup_life_four_eyes",
                    ),
                ],
            },
        ),
    ]
