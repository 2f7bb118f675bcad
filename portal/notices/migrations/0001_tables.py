import django.db.models.deletion
import django_fsm
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("portal_notices", "0001_initial"),
        ("portal_notices", "0002_letterhead"),
        ("portal_notices", "0003_kept_letterheads"),
        ("portal_notices", "0004_undrawn"),
    ]

    dependencies = [
        ("portal_cases", "0001_tables"),
        ("portal_documents", "0001_tables"),
        ("portal_registry", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Letterhead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=portal.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("title", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=40)),
                ("series", models.CharField(max_length=16)),
                ("office", models.CharField(max_length=80)),
                ("phone", models.CharField(max_length=20)),
                ("how_to_pay", models.CharField(max_length=300)),
                ("revenue_item", models.CharField(default="", max_length=120)),
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
                        name="notices_letterhead_four_eyes",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("municipality",),
                        name="notices_letterhead_one_proposal",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("kind", models.CharField(max_length=30)),
                ("number", models.CharField(max_length=40, unique=True)),
                ("code", models.CharField(max_length=19, unique=True)),
                ("facts", models.JSONField()),
                ("issued_at", models.DateTimeField(default=portal.clock.now)),
                ("undrawn_at", models.DateTimeField(null=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="portal_cases.case",
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
                "ordering": ["-issued_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["delivered", "issued", "voided"])),
                        name="notices_state",
                    )
                ],
            },
        ),
    ]
