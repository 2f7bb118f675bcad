import django.db.models.deletion
import django_fsm
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("grants_applications", "0001_tables"),
        ("portal_accounts", "__first__"),
        ("portal_cases", "0001_tables"),
        ("portal_registry", "0001_tables"),
        ("startups_challenges", "0001_tables"),
        ("startups_matching", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pilot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("title", models.CharField(max_length=80)),
                ("title_en", models.CharField(blank=True, max_length=160)),
                ("starts_on", models.DateField()),
                ("midterm_on", models.DateField(null=True)),
                ("ends_on", models.DateField()),
                ("terms", models.JSONField(default=dict)),
                ("consented_at", models.DateTimeField(null=True)),
                ("agreed_on", models.DateField(null=True)),
                (
                    "gate",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("go", "続ける"),
                            ("adjust", "やり方を変えて続ける"),
                            ("stop", "やめることを提案する"),
                        ],
                        max_length=8,
                    ),
                ),
                ("gate_text", models.TextField(blank=True)),
                ("gate_on", models.DateField(null=True)),
                ("report", models.JSONField(default=dict)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("adopt", "本格導入を検討する"),
                            ("again", "条件を変えて、もう一度試す"),
                            ("not", "導入しない"),
                        ],
                        max_length=8,
                    ),
                ),
                ("summary", models.TextField(blank=True)),
                ("summary_en", models.TextField(blank=True)),
                ("lessons", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                ("ended_on", models.DateField(null=True)),
                ("search_text", models.TextField(blank=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pilots",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pilot",
                        to="portal_cases.case",
                    ),
                ),
                (
                    "challenge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pilots",
                        to="startups_challenges.challenge",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "agreed",
                                    "evaluated",
                                    "preparing",
                                    "reported",
                                    "running",
                                    "stopped",
                                ],
                            )
                        ),
                        name="pilots_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                        name="pilots_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "stopped"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="pilots_stopped_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "evaluated"), _negated=True),
                            models.Q(
                                ("verdict", ""), ("summary", ""), _connector="OR", _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="pilots_evaluated_has_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["preparing", "stopped"]),
                            ("agreed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="pilots_agreed_on",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("support", models.BigIntegerField(default=0)),
                (
                    "application",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "match",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner",
                        to="startups_matching.match",
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
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners",
                        to="startups_pilots.pilot",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("support__gte", 0)), name="pilots_support_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("unit", models.CharField(max_length=20)),
                ("baseline", models.DecimalField(decimal_places=3, max_digits=14, null=True)),
                ("target", models.DecimalField(decimal_places=3, max_digits=14, null=True)),
                ("method", models.CharField(max_length=100)),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indicators",
                        to="startups_pilots.pilot",
                    ),
                ),
            ],
            options={
                "ordering": ["n"],
                "constraints": [
                    models.UniqueConstraint(fields=("pilot", "n"), name="pilots_indicator_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("happened_on", models.DateField()),
                (
                    "grave",
                    models.CharField(
                        choices=[
                            ("slight", "軽い"),
                            ("serious", "重い"),
                            ("data", "個人情報に関わる"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField()),
                ("settled", models.TextField(blank=True)),
                ("settled_on", models.DateField(null=True)),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="startups_pilots.pilot",
                    ),
                ),
            ],
            options={
                "ordering": ["-happened_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("department", "担当課"),
                            ("firm", "提案者"),
                            ("board", "アドバイザリーボード"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("good", "目標に届いた"),
                            ("partly", "一部届いた"),
                            ("short", "届かなかった"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField(default=portal.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="startups_pilots.pilot",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("pilot", "side"), name="pilots_evaluation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("value", models.DecimalField(decimal_places=3, max_digits=14)),
                ("note", models.CharField(blank=True, max_length=100)),
                ("at", models.DateTimeField(default=portal.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="startups_pilots.indicator",
                    ),
                ),
            ],
            options={
                "ordering": ["on"],
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "on"), name="pilots_reading_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Status",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                (
                    "side",
                    models.CharField(
                        choices=[("applicant", "提案者"), ("office", "市町村")], max_length=10
                    ),
                ),
                ("went", models.TextField()),
                ("stuck", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=portal.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statuses",
                        to="startups_pilots.pilot",
                    ),
                ),
            ],
            options={
                "ordering": ["-month", "side"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pilot", "month", "side"), name="pilots_status_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Booking",
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
                            ("site", "場所"),
                            ("data", "データ"),
                            ("equipment", "機器・設備"),
                            ("people", "職員の立会い"),
                        ],
                        max_length=10,
                    ),
                ),
                ("what", models.CharField(max_length=80)),
                ("purpose", models.CharField(max_length=300)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("answer_by", models.DateField()),
                ("answer", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="portal_cases.case",
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
                "ordering": ["starts_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["asked", "cancelled", "lent", "promised", "refused", "returned"],
                            )
                        ),
                        name="pilots_booking_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="pilots_booking_span",
                    ),
                ],
            },
        ),
    ]
