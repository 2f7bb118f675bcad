import django.db.models.deletion
import django_fsm
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("grants_completion", "0001_initial"),
        ("grants_completion", "0002_purchases"),
        ("grants_completion", "0003_inspection_sheets"),
        ("grants_completion", "0004_cuts_hang_on_keys"),
        ("grants_completion", "0005_inspected_sum"),
    ]

    initial = True

    dependencies = [
        ("grants_awards", "0001_tables"),
        ("portal_accounts", "__first__"),
        ("portal_cases", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompletionReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("typed", models.JSONField(default=dict)),
                ("content", models.JSONField(default=dict)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("correct_by", models.DateField(null=True)),
                ("return_reason", models.TextField(blank=True)),
                ("inspected_on", models.DateField(null=True)),
                ("inspection_kind", models.CharField(blank=True, max_length=10)),
                ("inspection_note", models.TextField(blank=True)),
                ("inspected_amount", models.BigIntegerField(null=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "award",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="completion_report",
                        to="grants_awards.award",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="completion_reports",
                        to="portal_cases.case",
                    ),
                ),
                (
                    "inspected_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "inspected", "returned", "submitted"])
                        ),
                        name="completion_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Cut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=16)),
                ("what", models.CharField(blank=True, max_length=100)),
                ("category", models.CharField(blank=True, max_length=40)),
                ("item_amount", models.BigIntegerField(default=0)),
                ("amount", models.BigIntegerField()),
                ("cite", models.CharField(max_length=80)),
                ("reason", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cuts",
                        to="grants_completion.completionreport",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="completion_cut_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("item_amount", 0),
                            ("amount__lte", models.F("item_amount")),
                            _connector="OR",
                        ),
                        name="completion_cut_within",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("typed", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="grants_completion.completionreport",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "inspector"), name="completion_sheet_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Purchase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("vendor", models.CharField(max_length=100)),
                ("vendor_key", models.CharField(db_index=True, max_length=200)),
                ("number", models.CharField(blank=True, max_length=13)),
                ("amount", models.BigIntegerField()),
                ("second_amount", models.BigIntegerField(null=True)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchases",
                        to="grants_completion.completionreport",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("report", "n"), name="completion_purchase_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TakenBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(blank=True, max_length=100)),
                ("amount", models.BigIntegerField()),
                ("cite", models.CharField(max_length=80)),
                ("reason", models.CharField(max_length=300)),
                ("why", models.CharField(max_length=300)),
                ("taken_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back",
                        to="grants_completion.completionreport",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
    ]
