import django.db.models.deletion
import django.db.models.functions.comparison
import django_fsm
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("grants_awards", "0001_initial"),
        ("grants_awards", "0002_later_life"),
        ("grants_awards", "0003_changes"),
        ("grants_awards", "0004_sums_of_cases"),
        ("grants_awards", "0005_assessed"),
        ("grants_awards", "0006_payable"),
        ("grants_awards", "0007_ended_cases"),
        ("grants_awards", "0008_carried"),
        ("grants_awards", "0009_fixed"),
    ]

    initial = True

    dependencies = [
        ("grants_applications", "0001_tables"),
        ("grants_programmes", "0001_tables"),
        ("portal_accounts", "__first__"),
        ("portal_cases", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("eligible_amount", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                ("assessed_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessment",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "assessed_by",
                    models.ForeignKey(
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
                            ("amount__gte", 0), ("eligible_amount__gte", models.F("amount"))
                        ),
                        name="awards_assessment_amounts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessedItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("what", models.TextField()),
                ("category", models.CharField(max_length=40)),
                ("applied", models.BigIntegerField()),
                ("accepted", models.BigIntegerField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="grants_awards.assessment",
                    ),
                ),
            ],
            options={
                "ordering": ["n"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "n"), name="awards_assessed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted__gte", 0), ("accepted__lte", models.F("applied"))
                        ),
                        name="awards_assessed_within",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted", models.F("applied")),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="awards_assessed_cut_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Award",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("frame", models.CharField(max_length=31)),
                ("parameters", models.JSONField()),
                ("eligible_amount", models.BigIntegerField()),
                ("requested_amount", models.BigIntegerField()),
                ("awarded_amount", models.BigIntegerField()),
                ("payable", models.BigIntegerField()),
                ("cut_reason", models.TextField(blank=True)),
                ("conditions", models.TextField(blank=True)),
                ("awarded_on", models.DateField()),
                ("project_ends_on", models.DateField()),
                ("fixed_amount", models.BigIntegerField(null=True)),
                ("fixed_on", models.DateField(null=True)),
                ("fixed_trace", models.JSONField(default=list)),
                ("ended_reason", models.TextField(blank=True)),
                ("plan", models.JSONField(default=list)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                ("of_person", models.BooleanField(editable=False)),
                ("paid", models.BigIntegerField(default=0, editable=False)),
                ("given_back", models.BigIntegerField(default=0, editable=False)),
                ("left_over", models.BigIntegerField(editable=False, null=True)),
                ("left_again", models.BigIntegerField(editable=False, null=True)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="award_row",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="portal_cases.case",
                    ),
                ),
                (
                    "of_call",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants_programmes.call",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("payable__gt", models.F("paid")),
                            ("state__in", ("active", "suspended", "amount_fixed")),
                        ),
                        fields=["of_call", "frame", "state", "project_ends_on"],
                        include=("payable", "paid", "left_over", "left_again"),
                        name="awards_unpaid",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("withdrawn",)), _negated=True),
                        fields=["of_call", "frame", "of_person"],
                        include=("awarded_amount", "given_back"),
                        name="awards_decided",
                    ),
                    models.Index(
                        condition=models.Q(("fixed_on__isnull", False)),
                        fields=["of_call", "frame", "fixed_on"],
                        include=("fixed_amount",),
                        name="awards_fixed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "abandoned",
                                    "active",
                                    "amount_fixed",
                                    "cancelled",
                                    "closed",
                                    "revoked",
                                    "suspended",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="awards_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("awarded_amount__gt", 0)), name="awards_amount_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("awarded_amount__lte", models.F("requested_amount"))),
                        name="awards_within_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("awarded_amount", models.F("requested_amount")),
                            models.Q(("cut_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="awards_cut_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fixed_amount", None),
                            models.Q(
                                ("fixed_amount__gte", 0),
                                ("fixed_amount__lte", models.F("awarded_amount")),
                            ),
                            _connector="OR",
                        ),
                        name="awards_fixed_within_award",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("amount_fixed", "closed")), _negated=True),
                            ("fixed_amount__isnull", False),
                            _connector="OR",
                        ),
                        name="awards_fixed_has_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("payable__gte", 0),
                            (
                                "payable__lte",
                                django.db.models.functions.comparison.Coalesce(
                                    "fixed_amount", "awarded_amount"
                                ),
                            ),
                        ),
                        name="awards_payable_within",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeRequest",
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
                            ("costs", "内容・経費の変更"),
                            ("delay", "事業の期間の延長"),
                            ("abandon", "事業の廃止"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                ("before", models.JSONField(default=list)),
                ("after", models.JSONField(default=list)),
                ("ends_on", models.DateField(null=True)),
                ("filed_at", models.DateTimeField(default=portal.clock.now)),
                ("answer", models.TextField(blank=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="grants_awards.award",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="portal_cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "approved",
                                    "denied",
                                    "draft",
                                    "notified",
                                    "returned",
                                    "submitted",
                                ],
                            )
                        ),
                        name="awards_change_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "submitted", "returned"))),
                        fields=("award",),
                        name="awards_one_change",
                    ),
                ],
            },
        ),
    ]
