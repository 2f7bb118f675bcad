import django.contrib.postgres.fields
import django.db.models.deletion
import django_fsm
import portal.accounts.permissions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("grants_programmes", "0001_initial"),
        ("grants_programmes", "0002_what_lists_show"),
        ("grants_programmes", "0003_paused"),
        ("grants_programmes", "0004_round_again"),
        ("grants_programmes", "0005_changes"),
        ("grants_programmes", "0006_found_by_words"),
    ]

    initial = True

    dependencies = [
        ("portal_accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("code", models.CharField(max_length=20)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("text", models.TextField()),
                ("parameters", models.JSONField()),
                (
                    "municipality_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), size=None
                    ),
                ),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
            ],
            options={
                "ordering": ["order", "-revision"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "revision"), name="programmes_revision_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("code",),
                        name="programmes_one_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["approved", "draft", "retired"])),
                        name="programmes_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("parameters", models.JSONField()),
                (
                    "purposes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("search_head", models.TextField(blank=True)),
                ("search_text", models.TextField(blank=True)),
                ("card", models.JSONField(default=dict)),
                ("kind", models.CharField(default="subsidy", max_length=20)),
                ("listed", models.BooleanField(default=True)),
                (
                    "head_office_in",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), null=True, size=None
                    ),
                ),
                ("office_in_sapporo", models.BooleanField(default=False)),
                ("employees_at_most", models.PositiveIntegerField(null=True)),
                ("sme_only", models.BooleanField(default=False)),
                (
                    "industries_in",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3), null=True, size=None
                    ),
                ),
                (
                    "industries_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3), null=True, size=None
                    ),
                ),
                ("paused_for", models.TextField(blank=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("resumed_at", models.DateTimeField(null=True)),
                ("code", models.CharField(max_length=30, unique=True)),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("round_no", models.PositiveSmallIntegerField(default=1)),
                (
                    "municipality_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), size=None
                    ),
                ),
                ("decision_on", models.DateField()),
                ("project_ends_on", models.DateField()),
                ("briefings", models.JSONField(default=list)),
                ("seed_sealed", models.BinaryField(null=True)),
                ("seed_hash", models.CharField(blank=True, max_length=64)),
                ("seed", models.CharField(blank=True, max_length=64)),
                ("results_at", models.DateTimeField(null=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="grants_programmes.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["programme__order", "-fiscal_year", "-round_no"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("programme", "fiscal_year", "round_no"),
                        name="programmes_call_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "announced",
                                    "approved",
                                    "archived",
                                    "cancelled",
                                    "decided",
                                    "draft",
                                    "selecting",
                                    "suspended",
                                ],
                            )
                        ),
                        name="programmes_call_state",
                    ),
                ],
            },
            bases=(portal.accounts.permissions.OfEveryTown, models.Model),
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=40, unique=True)),
                ("topic", models.CharField(max_length=20)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["topic", "key"],
            },
        ),
        migrations.CreateModel(
            name="IntakePeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="grants_programmes.call",
                    ),
                ),
            ],
            options={
                "ordering": ["n"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "n"), name="programmes_period_once"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="programmes_period_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("public_reason", models.TextField()),
                ("closes_at", models.DateTimeField(null=True)),
                ("decision_on", models.DateField()),
                ("project_ends_on", models.DateField()),
                ("was", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField(null=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="grants_programmes.call",
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
                (
                    "instead_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants_programmes.programme",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants_programmes.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["approved", "denied", "proposed", "withdrawn"])
                        ),
                        name="programmes_call_change_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("call",),
                        name="programmes_one_change_proposed",
                    ),
                ],
            },
            bases=(portal.accounts.permissions.OfEveryTown, models.Model),
        ),
    ]
