import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("portal_cases", "0001_initial"),
        ("portal_cases", "0002_english_names"),
        ("portal_cases", "0003_views_of_lists"),
        ("portal_cases", "0004_disposed"),
        ("portal_cases", "0005_on_paper"),
        ("portal_cases", "0006_turn_until"),
        ("portal_cases", "0007_readings"),
        ("portal_cases", "0008_kept"),
        ("portal_cases", "0009_search_documents"),
        ("portal_cases", "0010_layouts_and_shared_views"),
        ("portal_cases", "0011_turn_is_apart"),
        ("portal_cases", "0012_lists_at_size"),
        ("portal_cases", "0013_scope_of_turns"),
        ("portal_cases", "0014_lists_sorted"),
        ("portal_cases", "0015_kind_of_turns"),
        ("portal_cases", "0016_lists_counted"),
        ("portal_cases", "0017_lists_each_way"),
        ("portal_cases", "0018_decided"),
        ("portal_cases", "0019_tallies"),
        ("portal_cases", "0020_ended_as"),
    ]

    initial = True

    dependencies = [
        ("portal_accounts", "0001_tables"),
        ("portal_accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=24, unique=True)),
                ("receipt_number", models.CharField(blank=True, db_index=True, max_length=24)),
                ("kind", models.CharField(max_length=20)),
                ("programme_code", models.CharField(max_length=20)),
                ("programme_name", models.CharField(max_length=120)),
                ("programme_name_en", models.CharField(blank=True, max_length=160)),
                ("call_label", models.CharField(blank=True, max_length=60)),
                ("call_label_en", models.CharField(blank=True, max_length=60)),
                (
                    "municipality_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), size=None
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                ("amount", models.BigIntegerField(null=True)),
                ("applied_amount", models.BigIntegerField(null=True)),
                ("awarded_amount", models.BigIntegerField(null=True)),
                ("state", models.CharField(default="draft", max_length=24)),
                ("state_label", models.CharField(blank=True, max_length=40)),
                ("ended_as", models.CharField(blank=True, max_length=24)),
                ("is_draft", models.BooleanField(default=True)),
                ("on_paper", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField(default=portal.clock.now)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("disposed_on", models.DateField(null=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="portal_accounts.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["municipality_codes"], name="cases_municipalities"
                    ),
                    models.Index(
                        fields=["programme_code", "-opened_at", "-id"],
                        name="cases_programme_newest",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["-opened_at", "-id"],
                        include=(
                            "disposed_on",
                            "organisation",
                            "programme_code",
                            "municipality_codes",
                        ),
                        name="cases_newest_live",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["state"],
                        name="cases_state_live",
                    ),
                    models.Index(
                        condition=models.Q(("ended_as", ""), _negated=True),
                        fields=["ended_as"],
                        name="cases_ended_as",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["title", "-id"],
                        name="cases_by_title",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["programme_name", "-id"],
                        name="cases_by_programme_name",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["call_label", "-id"],
                        name="cases_by_call_label",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["state_label", "-id"],
                        name="cases_by_state_label",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["amount", "-id"],
                        name="cases_by_amount",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["applied_amount", "-id"],
                        name="cases_by_applied_amount",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["awarded_amount", "-id"],
                        name="cases_by_awarded_amount",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["submitted_at", "-id"],
                        name="cases_by_submitted_at",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["decided_at", "-id"],
                        name="cases_by_decided_at",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["closed_at", "-id"],
                        name="cases_by_closed_at",
                    ),
                    models.Index(
                        models.OrderBy(models.F("title"), descending=True, nulls_last=None),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_draft", False)),
                        name="cases_down_title",
                    ),
                    models.Index(
                        models.OrderBy(
                            models.F("programme_name"), descending=True, nulls_last=None
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_draft", False)),
                        name="cases_down_programme_name",
                    ),
                    models.Index(
                        models.OrderBy(models.F("call_label"), descending=True, nulls_last=None),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_draft", False)),
                        name="cases_down_call_label",
                    ),
                    models.Index(
                        models.OrderBy(models.F("state_label"), descending=True, nulls_last=None),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_draft", False)),
                        name="cases_down_state_label",
                    ),
                    models.Index(
                        models.OrderBy(models.F("amount"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_draft", False)),
                        name="cases_down_amount",
                    ),
                    models.Index(
                        models.OrderBy(
                            models.F("applied_amount"), descending=True, nulls_last=True
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_draft", False)),
                        name="cases_down_applied_amount",
                    ),
                    models.Index(
                        models.OrderBy(
                            models.F("awarded_amount"), descending=True, nulls_last=True
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_draft", False)),
                        name="cases_down_awarded_amount",
                    ),
                    models.Index(
                        models.OrderBy(models.F("submitted_at"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_draft", False)),
                        name="cases_down_submitted_at",
                    ),
                    models.Index(
                        models.OrderBy(models.F("decided_at"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_draft", False)),
                        name="cases_down_decided_at",
                    ),
                    models.Index(
                        models.OrderBy(models.F("closed_at"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_draft", False)),
                        name="cases_down_closed_at",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("is_draft", False), ("closed_at", None), ("disposed_on", None)
                        ),
                        fields=["programme_code", "assigned_to"],
                        include=("id", "organisation", "municipality_codes", "kind"),
                        name="cases_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListLayout",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="list_layout",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("last", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("programme_code", models.CharField(max_length=20)),
                (
                    "municipality_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), size=None
                    ),
                ),
                ("assigned_to", models.BigIntegerField(null=True)),
                ("side", models.CharField(max_length=10)),
                ("what", models.CharField(max_length=120)),
                ("person", models.BigIntegerField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("difference", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("side", models.CharField(max_length=10)),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holdings",
                        to="portal_cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("to_at", None)),
                        fields=("case",),
                        name="cases_holding_open_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Interest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("detail", models.CharField(max_length=200)),
                ("declared_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="portal_cases.case",
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
                "constraints": [
                    models.UniqueConstraint(fields=("person", "case"), name="cases_interest_once")
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
                ("what", models.CharField(max_length=60)),
                ("subject", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField(default=portal.clock.now)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="portal_cases.case",
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
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["case", "-at"], name="cases_reading_of_case"),
                    models.Index(fields=["person", "-at"], name="cases_reading_of_person"),
                    models.Index(fields=["-at", "-id"], name="cases_reading_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("page", models.CharField(default="inbox", max_length=20)),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=600)),
                ("shared", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "page", "name"), name="cases_view_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=80)),
                (
                    "side",
                    models.CharField(
                        choices=[("office", "office"), ("applicant", "applicant")], max_length=10
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=20)),
                ("what", models.CharField(max_length=120)),
                ("due_on", models.DateField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("since", models.DateTimeField()),
                ("is_apart", models.BooleanField(default=False)),
                ("opens_at", models.DateTimeField(null=True)),
                ("is_shared", models.BooleanField(default=False)),
                ("kind", models.CharField(editable=False, max_length=20)),
                ("awarded_amount", models.BigIntegerField(editable=False, null=True)),
                ("programme_code", models.CharField(editable=False, max_length=20)),
                (
                    "municipality_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6),
                        default=list,
                        editable=False,
                        size=None,
                    ),
                ),
                ("is_draft", models.BooleanField(default=True, editable=False)),
                (
                    "stands_on",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            "due_on",
                            models.Func(
                                "since",
                                output_field=models.DateField(),
                                template="((%(expressions)s AT TIME ZONE 'Asia/Tokyo')::date)",
                            ),
                        ),
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="turns",
                        to="portal_cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_accounts.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["side", "role", "due_on"], name="cases_turn_inbox"),
                    models.Index(
                        fields=["side", "stands_on", "since", "id"], name="cases_turn_order"
                    ),
                    models.Index(fields=["side", "since", "id"], name="cases_turn_age"),
                    models.Index(
                        fields=["programme_code", "side", "stands_on", "since", "id"],
                        name="cases_turn_programme",
                    ),
                    models.Index(
                        condition=models.Q(("assigned_to__isnull", False)),
                        fields=["assigned_to", "side", "stands_on", "since", "id"],
                        name="cases_turn_officer",
                    ),
                    models.Index(
                        condition=models.Q(("is_draft", False)),
                        fields=["programme_code", "side", "what", "since"],
                        name="cases_turn_oldest",
                    ),
                    models.Index(
                        django.db.models.functions.comparison.Coalesce("person", 0),
                        models.F("since"),
                        condition=models.Q(("is_draft", False), ("side", "office")),
                        name="cases_turn_longest",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["municipality_codes"], name="cases_turn_municipalities"
                    ),
                    models.Index(fields=["person", "due_on"], name="cases_turn_person"),
                    models.Index(
                        condition=models.Q(("is_shared", True)),
                        fields=["subject"],
                        name="cases_turn_shared",
                    ),
                    models.Index(
                        condition=models.Q(("opens_at__isnull", False)),
                        fields=["opens_at"],
                        name="cases_turn_later",
                    ),
                    models.Index(
                        condition=models.Q(("until__isnull", False)),
                        fields=["until"],
                        name="cases_turn_until",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_document",
                        serialize=False,
                        to="portal_cases.case",
                    ),
                ),
                ("head", models.TextField()),
                ("text", models.TextField()),
                (
                    "pairs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["pairs"], gin_pending_list_limit=512, name="cases_search"
                    )
                ],
            },
        ),
    ]
