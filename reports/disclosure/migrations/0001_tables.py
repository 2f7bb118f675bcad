import django.db.models.deletion
import django_fsm
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("reports_disclosure", "0001_disclosure"),
        ("reports_disclosure", "0002_disclosure_left_out_disclosure_lifted_and_more"),
        ("reports_disclosure", "0003_disclosure_files_disclosure_is_unbound"),
        ("reports_disclosure", "0004_disclosure_grounds_groundtable"),
        ("reports_disclosure", "0005_undecided"),
    ]

    dependencies = [
        ("portal_cases", "0001_tables"),
        ("portal_documents", "0001_tables"),
        ("portal_registry", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("request_number", models.CharField(max_length=60)),
                ("asked", models.TextField()),
                ("received_on", models.DateField()),
                ("due_on", models.DateField()),
                ("extended_for", models.TextField(blank=True)),
                ("lines", models.JSONField(default=list)),
                ("proposed", models.JSONField(default=dict)),
                ("lifted", models.JSONField(default=list)),
                ("files", models.JSONField(default=list)),
                ("left_out", models.JSONField(default=dict)),
                ("grounds", models.JSONField(default=list)),
                ("undecided", models.JSONField(default=list)),
                ("is_unbound", models.BooleanField(default=False)),
                ("decided_at", models.DateTimeField(null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosures",
                        to="portal_cases.case",
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
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_documents.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["decided", "drafted", "handed_out", "received", "withdrawn"],
                            )
                        ),
                        name="disclosure_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["decided", "handed_out"]), _negated=True),
                            models.Q(
                                ("decided_at__isnull", False),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="disclosure_decided_is_frozen",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroundTable",
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
                ("starts_on", models.DateField()),
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
                "ordering": ["-starts_on", "-closed_at", "-pk"],
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
                        name="disclosure_grounds_four_eyes",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("municipality",),
                        name="disclosure_grounds_one_proposal",
                    ),
                ],
            },
        ),
    ]
