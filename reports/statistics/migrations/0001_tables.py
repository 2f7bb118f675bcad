import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("reports_statistics", "0001_initial"),
        ("reports_statistics", "0002_frozen"),
        ("reports_statistics", "0003_ratewindow"),
        ("reports_statistics", "0004_limits_have_one_home"),
    ]

    initial = True

    dependencies = [
        ("portal_accounts", "0001_tables"),
        ("portal_accounts", "__first__"),
        ("portal_registry", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Boundary",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="portal_registry.area",
                    ),
                ),
                ("rings", models.JSONField()),
                ("label", models.JSONField()),
                ("source", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Establishments",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="portal_registry.area",
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("as_of", models.DateField()),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("count__gt", 0)),
                        name="statistics_establishments_positive",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutsideAward",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("corporate_number", models.CharField(db_index=True, max_length=13)),
                ("name", models.CharField(max_length=200)),
                ("location", models.CharField(blank=True, max_length=400)),
                ("certified_on", models.DateField(null=True)),
                ("fiscal_year", models.PositiveSmallIntegerField(null=True)),
                ("title", models.CharField(max_length=400)),
                ("amount", models.BigIntegerField(null=True)),
                ("target", models.CharField(blank=True, max_length=400)),
                ("issuer", models.CharField(blank=True, max_length=200)),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_registry.area",
                    ),
                ),
            ],
            options={
                "ordering": ["-certified_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("number", models.CharField(max_length=12, unique=True)),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("n", models.PositiveSmallIntegerField()),
                ("note", models.TextField(blank=True)),
                ("as_of", models.DateTimeField(null=True)),
                ("code_version", models.CharField(blank=True, max_length=60)),
                ("parameters", models.JSONField(default=dict)),
                ("row_counts", models.JSONField(default=dict)),
                ("checks", models.JSONField(default=list)),
                ("faults", models.JSONField(default=list)),
                ("differences", models.JSONField(default=list)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("published_at", models.DateTimeField(null=True)),
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
                "ordering": ["-fiscal_year", "-n"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["approved", "draft", "superseded"])),
                        name="statistics_release_state",
                    ),
                    models.UniqueConstraint(
                        fields=("fiscal_year", "n"), name="statistics_release_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("fiscal_year",),
                        name="statistics_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(
                                ("as_of__isnull", False),
                                ("published_at__isnull", False),
                                models.Q(("sha256", ""), _negated=True),
                                ("faults", []),
                            ),
                            _connector="OR",
                        ),
                        name="statistics_published_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleasePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("data", models.BinaryField()),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="reports_statistics.release",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("release", "name"), name="statistics_part_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("columns", models.JSONField()),
                ("rows", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tables",
                        to="reports_statistics.release",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "name"), name="statistics_table_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FirmFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("sales", models.BigIntegerField(null=True)),
                ("profit", models.BigIntegerField(null=True)),
                ("personnel", models.BigIntegerField(null=True)),
                ("depreciation", models.BigIntegerField(null=True)),
                ("employees", models.PositiveIntegerField(null=True)),
                ("source", models.CharField(max_length=200)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_accounts.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "fiscal_year"), name="statistics_figures_once"
                    )
                ],
            },
        ),
    ]
