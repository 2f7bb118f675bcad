import django.db.models.deletion
import django_fsm
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("grants_applications", "0001_initial"),
        ("grants_applications", "0002_section_editor"),
        ("grants_applications", "0003_defect_answer"),
        ("grants_applications", "0004_on_paper_is_said_by_the_case"),
        ("grants_applications", "0005_finding_decided"),
        ("grants_applications", "0006_paper_received_at"),
        ("grants_applications", "0007_first_filing_kept"),
        ("grants_applications", "0008_kept"),
        ("grants_applications", "0009_filed_under"),
        ("grants_applications", "0010_inquiries"),
        ("grants_applications", "0011_extension_requests"),
        ("grants_applications", "0012_decided"),
    ]

    initial = True

    dependencies = [
        ("grants_programmes", "0001_tables"),
        ("portal_accounts", "__first__"),
        ("portal_cases", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("frame", models.CharField(blank=True, max_length=31)),
                ("eligible_amount", models.BigIntegerField(null=True)),
                ("requested_amount", models.BigIntegerField(null=True)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("corrected_at", models.DateTimeField(null=True)),
                ("correct_by", models.DateField(null=True)),
                ("waiting_rank", models.PositiveIntegerField(null=True)),
                ("paper_consent", models.CharField(blank=True, max_length=200)),
                ("paper_received_at", models.DateTimeField(null=True)),
                ("partner_key", models.CharField(blank=True, db_index=True, max_length=200)),
                ("decision_reason", models.TextField(blank=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="grants_programmes.call",
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="application",
                        to="portal_cases.case",
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "filed_under",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants_programmes.programme",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["call", "state", "arrived_at"], name="applications_call_state"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "accepted",
                                    "awarded",
                                    "concluded",
                                    "draft",
                                    "inadmissible",
                                    "lapsed",
                                    "rejected",
                                    "returned",
                                    "reviewed",
                                    "selected",
                                    "submitted",
                                    "under_review",
                                    "waitlisted",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="applications_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "withdrawn"]),
                            ("arrived_at__isnull", False),
                            _connector="OR",
                        ),
                        name="applications_submitted_has_arrival",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("submitted_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-n"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "n"), name="applications_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("tax", "市税の滞納"),
                            ("antisocial", "暴力団の排除"),
                            ("registration", "登記・法人番号"),
                            ("repeat", "過去の受給"),
                            ("double_funding", "重複する補助"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "まだ"),
                            ("clear", "問題なし"),
                            ("concern", "気になる点あり"),
                            ("not_needed", "不要"),
                        ],
                        max_length=12,
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=300)),
                ("checked_at", models.DateTimeField(null=True)),
                ("go_on_reason", models.CharField(blank=True, max_length=300)),
                ("go_on_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "go_on_by",
                    models.ForeignKey(
                        null=True,
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
                        fields=("application", "kind"), name="applications_check_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("go_on_by", None),
                            models.Q(
                                ("go_on_at__isnull", False),
                                ("result", "concern"),
                                models.Q(("go_on_by", models.F("checked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="applications_finding_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Defect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("part", models.CharField(max_length=60)),
                ("part_label", models.CharField(max_length=120)),
                ("cite", models.CharField(max_length=80)),
                ("text", models.TextField()),
                ("supervisor_reason", models.CharField(blank=True, max_length=300)),
                ("raised_at", models.DateTimeField(default=portal.clock.now)),
                ("sent_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("worded_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defects",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defects",
                        to="grants_applications.applicationversion",
                    ),
                ),
            ],
            options={
                "ordering": ["n"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "n"), name="applications_defect_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExtensionRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("asked_until", models.DateField()),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField(default=portal.clock.now)),
                ("answer", models.TextField(blank=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extension_requests",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extension_requests",
                        to="portal_cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["asked", "denied", "granted", "overtaken"])
                        ),
                        name="applications_extension_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("application",),
                        name="applications_extension_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("addressee", models.CharField(max_length=80)),
                ("ordinance", models.CharField(max_length=120)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("people", models.PositiveSmallIntegerField()),
                ("sent_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("", "回答待ち"), ("clear", "該当なし"), ("hit", "該当あり")],
                        max_length=5,
                    ),
                ),
                ("answered_on", models.DateField(null=True)),
                ("answer_number", models.CharField(blank=True, max_length=60)),
                ("entered_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiries",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
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
                        condition=models.Q(("result", "")),
                        fields=("application",),
                        name="applications_inquiry_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_on", None),
                                ("entered_at", None),
                                ("entered_by", None),
                                ("result", ""),
                            ),
                            models.Q(
                                models.Q(("result", ""), _negated=True),
                                models.Q(("answer_number", ""), _negated=True),
                                ("answered_on__isnull", False),
                                ("entered_at__isnull", False),
                                ("entered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="applications_inquiry_answer_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfficerList",
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
                ("sent_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officer_list",
                        to="grants_applications.application",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=31)),
                ("data", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=0)),
                ("editor", models.CharField(blank=True, max_length=32)),
                ("stroke", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sections",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "saved_by",
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
                        fields=("application", "key"), name="applications_section_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmissionAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("arrived_at", models.DateTimeField()),
                ("draft_hash", models.CharField(max_length=64)),
                ("outcome", models.CharField(default="begun", max_length=20)),
                ("detail", models.CharField(blank=True, max_length=300)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-arrived_at"],
            },
        ),
    ]
