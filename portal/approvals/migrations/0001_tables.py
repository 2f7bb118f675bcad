import django.contrib.postgres.fields
import django.db.models.deletion
import django_fsm
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("portal_approvals", "0001_initial"),
        ("portal_approvals", "0002_rounds"),
        ("portal_approvals", "0003_document"),
        ("portal_approvals", "0004_after_a_deputy"),
        ("portal_approvals", "0005_stations_together"),
        ("portal_approvals", "0006_rules"),
        ("portal_approvals", "0007_deputy_after"),
        ("portal_approvals", "0008_newest_first"),
        ("portal_approvals", "0009_decided_sums"),
        ("portal_approvals", "0010_agree_together"),
        ("portal_approvals", "0011_kept_rules"),
        ("portal_approvals", "0012_attachments"),
        ("portal_approvals", "0013_kept_attachments"),
        ("portal_approvals", "0014_in_english"),
        ("portal_approvals", "0015_wanted_on"),
        ("portal_approvals", "0016_open_steps"),
    ]

    initial = True

    dependencies = [
        ("portal_accounts", "__first__"),
        ("portal_cases", "0001_tables"),
        ("portal_documents", "0001_tables"),
        ("portal_registry", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("number", models.CharField(max_length=40, unique=True)),
                ("act", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("programme_code", models.CharField(max_length=20)),
                (
                    "municipality_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), size=None
                    ),
                ),
                ("drafted_at", models.DateTimeField(default=portal.clock.now)),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
                ("basis", models.CharField(blank=True, max_length=300)),
                ("wanted_on", models.DateField(null=True)),
                (
                    "keep_years",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "1年"), (3, "3年"), (5, "5年"), (10, "10年"), (30, "30年")],
                        default=5,
                    ),
                ),
                ("decided_under", models.CharField(blank=True, max_length=300)),
                ("budget", models.JSONField(default=list)),
                ("decided_under_en", models.CharField(blank=True, max_length=300)),
                ("budget_en", models.JSONField(default=list)),
                ("agree_together", models.BooleanField(default=False)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-drafted_at", "-pk"],
                "abstract": False,
                "indexes": [models.Index(fields=["-drafted_at", "-id"], name="approvals_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "approved",
                                    "circulated",
                                    "drafted",
                                    "refused",
                                    "returned",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="approvals_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField(default=portal.clock.now)),
                ("removed_at", models.DateTimeField(null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="portal_approvals.approval",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="portal_documents.storedfile",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "uploaded_by",
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
        migrations.CreateModel(
            name="Dropped",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given", models.JSONField(default=dict)),
                ("reason", models.TextField()),
                ("dropped_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dropped",
                        to="portal_approvals.approval",
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
                (
                    "dropped_by",
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
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("subject_model", models.CharField(max_length=60)),
                ("subject_id", models.BigIntegerField()),
                ("given", models.JSONField(default=dict)),
                ("yen", models.BigIntegerField(null=True)),
                ("changes", models.JSONField(default=list)),
                ("changes_en", models.JSONField(default=list)),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="portal_approvals.approval",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval_items",
                        to="portal_cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["n"],
                "constraints": [
                    models.UniqueConstraint(fields=("approval", "case"), name="approvals_item_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=portal.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("rows", models.JSONField(default=list)),
                ("deputy_after", models.PositiveSmallIntegerField(null=True)),
                ("is_confirmed", models.BooleanField(default=False)),
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
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_registry.municipality",
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
                "ordering": ["-closed_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_confirmed", False),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("closed_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="approvals_rules_four_eyes",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("municipality",),
                        name="approvals_rules_one_proposal",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("n", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("agree", "回議"), ("consult", "合議"), ("decide", "決裁")],
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, max_length=12)),
                ("opinion", models.TextField(blank=True)),
                ("looked_at", models.DateTimeField(null=True)),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="portal_approvals.approval",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                "ordering": ["round", "n", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("decided_at", None)),
                        fields=["person"],
                        name="approvals_step_open",
                    ),
                    models.Index(
                        condition=models.Q(("decided_at", None)),
                        fields=["approval", "round", "n"],
                        name="approvals_step_before",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("decided_at__isnull", False),
                            ("looked_at", None),
                            models.Q(("decided_by", models.F("person")), _negated=True),
                        ),
                        fields=["person"],
                        name="approvals_step_to_look_over",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("approval", "round", "n", "person"), name="approvals_step_once"
                    )
                ],
            },
        ),
    ]
