import django.contrib.postgres.fields
import django.db.models.deletion
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("grants_budget", "0001_initial"),
        ("grants_budget", "0002_book"),
        ("grants_budget", "0003_carry_over"),
        ("grants_budget", "0004_reversal"),
        ("grants_budget", "0005_changes"),
        ("grants_budget", "0006_kept"),
        ("grants_budget", "0007_reduction"),
        ("grants_budget", "0008_kept_changes"),
        ("grants_budget", "0009_return_undone"),
        ("grants_budget", "0010_carried_for_a_case"),
        ("grants_budget", "0011_classification"),
        ("grants_budget", "0012_transfers"),
        ("grants_budget", "0013_accounting_system"),
        ("grants_budget", "0014_carried_again"),
        ("grants_budget", "0015_debt_acts"),
        ("grants_budget", "0016_allotments"),
        ("grants_budget", "0017_classification_proposals"),
        ("grants_budget", "0018_places_beside_yen"),
        ("grants_budget", "0019_entries_moved"),
    ]

    initial = True

    dependencies = [
        ("grants_programmes", "0001_tables"),
        ("portal_accounts", "__first__"),
        ("portal_cases", "0001_tables"),
        ("portal_registry", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetEntry",
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
                            ("appropriation", "appropriation"),
                            ("reduction", "reduction"),
                            ("supplement", "supplement"),
                            ("supplement_cut", "supplement_cut"),
                            ("transfer", "transfer"),
                            ("voted", "voted"),
                            ("allotment", "allotment"),
                            ("allotment_cut", "allotment_cut"),
                            ("commitment", "commitment"),
                            ("decommitment", "decommitment"),
                            ("disbursement", "disbursement"),
                            ("reversal", "reversal"),
                            ("return", "return"),
                            ("return_undone", "return_undone"),
                            ("carry_over", "carry_over"),
                            ("accident", "accident"),
                            ("carry_again", "carry_again"),
                        ],
                        max_length=14,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("note", models.CharField(blank=True, max_length=120)),
                ("booked_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "booked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget_entries",
                        to="portal_cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="budget_entry_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountingAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("status", models.CharField(max_length=40)),
                ("voucher", models.CharField(blank=True, max_length=40)),
                ("day", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("read_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "read_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="grants_budget.budgetentry",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chapter_code", models.CharField(blank=True, max_length=6)),
                ("chapter_title", models.CharField(blank=True, max_length=40)),
                ("section_code", models.CharField(blank=True, max_length=6)),
                ("section_title", models.CharField(blank=True, max_length=40)),
                ("item_code", models.CharField(blank=True, max_length=6)),
                ("item_title", models.CharField(blank=True, max_length=40)),
                ("activity_code", models.CharField(blank=True, max_length=6)),
                ("activity_title", models.CharField(blank=True, max_length=40)),
                ("expense_code", models.CharField(blank=True, max_length=6)),
                ("expense_title", models.CharField(blank=True, max_length=40)),
                ("appropriated", models.BigIntegerField(default=0, editable=False)),
                ("committed", models.BigIntegerField(default=0, editable=False)),
                ("allotted", models.BigIntegerField(default=0, editable=False)),
                ("by_allotment", models.BooleanField(default=False, editable=False)),
                ("frame", models.CharField(max_length=31)),
                (
                    "unit",
                    models.CharField(
                        choices=[("yen", "yen"), ("slots", "slots"), ("seats", "seats")],
                        max_length=6,
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("voted", models.BigIntegerField(default=0, editable=False)),
                ("disbursed", models.BigIntegerField(default=0, editable=False)),
                ("carried", models.BigIntegerField(default=0, editable=False)),
                ("carried_again", models.BigIntegerField(default=0, editable=False)),
                ("carried_out", models.BigIntegerField(default=0, editable=False)),
                ("carried_out_again", models.BigIntegerField(default=0, editable=False)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget_lines",
                        to="grants_programmes.call",
                    ),
                ),
            ],
            options={
                "ordering": ["call", "frame", "unit"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "frame", "unit"), name="budget_line_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("committed__lte", models.F("appropriated"))),
                        name="budget_no_overdraft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("allotted__gte", 0), ("allotted__lte", models.F("appropriated"))
                        ),
                        name="budget_allotted_within_budget",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("by_allotment", False),
                            ("committed__lte", models.F("allotted")),
                            _connector="OR",
                        ),
                        name="budget_within_allotment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("disbursed__lte", models.F("committed"))),
                        name="budget_paid_within_committed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("carried__lte", models.F("committed"))),
                        name="budget_carried_within_committed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("carried_again__gte", 0), ("carried_again__lte", models.F("carried"))
                        ),
                        name="budget_carried_again_within_carried",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("committed__gte", 0), ("disbursed__gte", 0)),
                        name="budget_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("activity_code", ""),
                                ("activity_title", ""),
                                ("chapter_code", ""),
                                ("chapter_title", ""),
                                ("expense_code", ""),
                                ("expense_title", ""),
                                ("item_code", ""),
                                ("item_title", ""),
                                ("section_code", ""),
                                ("section_title", ""),
                            ),
                            models.Q(
                                models.Q(("chapter_code", ""), _negated=True),
                                models.Q(("chapter_title", ""), _negated=True),
                                models.Q(("section_code", ""), _negated=True),
                                models.Q(("section_title", ""), _negated=True),
                                models.Q(("item_code", ""), _negated=True),
                                models.Q(("item_title", ""), _negated=True),
                                models.Q(("expense_code", ""), _negated=True),
                                models.Q(("expense_title", ""), _negated=True),
                                models.Q(
                                    models.Q(("activity_code", ""), ("activity_title", "")),
                                    models.Q(
                                        ("activity_code", ""),
                                        ("activity_title", ""),
                                        _connector="OR",
                                        _negated=True,
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="budget_classified_wholly",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="budgetentry",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="grants_budget.budgetline",
            ),
        ),
        migrations.AddField(
            model_name="budgetentry",
            name="to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="received",
                to="grants_budget.budgetline",
            ),
        ),
        migrations.CreateModel(
            name="BudgetChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=portal.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("appropriation", "当初予算"),
                            ("supplement", "補正（増）"),
                            ("supplement_cut", "補正（減）"),
                            ("transfer", "流用"),
                            ("allotment", "配当"),
                            ("allotment_cut", "配当の減"),
                            ("carry_over", "繰越明許費による繰越"),
                            ("accident", "事故繰越し"),
                            ("carry_again", "繰り越したものの事故繰越し"),
                            ("voted", "予算化"),
                        ],
                        max_length=14,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("note", models.CharField(max_length=120)),
                ("permit", models.CharField(blank=True, max_length=120)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_cases.case",
                    ),
                ),
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change",
                        to="grants_budget.budgetentry",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="grants_budget.budgetline",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_to",
                        to="grants_budget.budgetline",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["line"],
                        name="budget_change_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="budget_change_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entry", None),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("closed_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="budget_change_four_eyes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BookedMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(editable=False, max_length=14)),
                ("month", models.DateField(editable=False)),
                ("amount", models.BigIntegerField(editable=False)),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="months",
                        to="grants_budget.budgetline",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="months_received",
                        to="grants_budget.budgetline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("line", "to", "kind", "month"),
                        name="budget_month_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClassificationProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=portal.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("chapter_code", models.CharField(blank=True, max_length=6)),
                ("chapter_title", models.CharField(blank=True, max_length=40)),
                ("section_code", models.CharField(blank=True, max_length=6)),
                ("section_title", models.CharField(blank=True, max_length=40)),
                ("item_code", models.CharField(blank=True, max_length=6)),
                ("item_title", models.CharField(blank=True, max_length=40)),
                ("activity_code", models.CharField(blank=True, max_length=6)),
                ("activity_title", models.CharField(blank=True, max_length=40)),
                ("expense_code", models.CharField(blank=True, max_length=6)),
                ("expense_title", models.CharField(blank=True, max_length=40)),
                ("whole_call", models.BooleanField(default=False)),
                ("confirmed_at", models.DateTimeField(null=True)),
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="classifications",
                        to="grants_budget.budgetline",
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
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(
                                    ("activity_code", ""),
                                    ("activity_title", ""),
                                    ("chapter_code", ""),
                                    ("chapter_title", ""),
                                    ("expense_code", ""),
                                    ("expense_title", ""),
                                    ("item_code", ""),
                                    ("item_title", ""),
                                    ("section_code", ""),
                                    ("section_title", ""),
                                ),
                                models.Q(
                                    models.Q(("chapter_code", ""), _negated=True),
                                    models.Q(("chapter_title", ""), _negated=True),
                                    models.Q(("section_code", ""), _negated=True),
                                    models.Q(("section_title", ""), _negated=True),
                                    models.Q(("item_code", ""), _negated=True),
                                    models.Q(("item_title", ""), _negated=True),
                                    models.Q(("expense_code", ""), _negated=True),
                                    models.Q(("expense_title", ""), _negated=True),
                                    models.Q(
                                        models.Q(("activity_code", ""), ("activity_title", "")),
                                        models.Q(
                                            ("activity_code", ""),
                                            ("activity_title", ""),
                                            _connector="OR",
                                            _negated=True,
                                        ),
                                        _connector="OR",
                                    ),
                                ),
                                _connector="OR",
                            ),
                            models.Q(("chapter_code", ""), _negated=True),
                        ),
                        name="budget_proposed_wholly",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at", None),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("closed_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="budget_classification_four_eyes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DebtAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=portal.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("programme_code", models.CharField(max_length=40)),
                (
                    "municipality_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), size=None
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("spent_in", models.PositiveSmallIntegerField()),
                ("limit_amount", models.BigIntegerField()),
                ("ground", models.CharField(max_length=120)),
                ("confirmed_at", models.DateTimeField(null=True)),
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-fiscal_year", "programme_code", "spent_in", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("limit_amount__gt", 0)), name="budget_debt_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("spent_in__gt", models.F("fiscal_year"))),
                        name="budget_debt_of_later_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at", None),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("closed_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="budget_debt_four_eyes",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="budgetline",
            name="debt",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="grants_budget.debtact",
            ),
        ),
        migrations.CreateModel(
            name="AccountingLayout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("out", "会計システムへ渡すCSV"),
                            ("in", "会計システムから受け取るCSV"),
                        ],
                        max_length=3,
                    ),
                ),
                (
                    "encoding",
                    models.CharField(
                        choices=[
                            ("utf-8-sig", "UTF-8（Excelで開けるしるし付き）"),
                            ("utf-8", "UTF-8"),
                            ("cp932", "Shift_JIS (CP932)"),
                        ],
                        max_length=9,
                    ),
                ),
                ("columns", models.JSONField()),
                ("changed_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "changed_by",
                    models.ForeignKey(
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "way"), name="budget_layout_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="budgetentry",
            index=models.Index(
                condition=models.Q(
                    ("kind__in", ["disbursement", "return_undone", "return", "reversal"])
                ),
                fields=["case"],
                include=("kind", "amount", "line"),
                name="budget_entry_moved",
            ),
        ),
        migrations.AddIndex(
            model_name="budgetentry",
            index=models.Index(
                condition=models.Q(("kind__in", ["carry_over", "accident", "carry_again"])),
                fields=["case", "line"],
                name="budget_entry_let_over",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "transfer"),
                        ("to__isnull", False),
                        models.Q(("to", models.F("line")), _negated=True),
                    ),
                    models.Q(models.Q(("kind", "transfer"), _negated=True), ("to", None)),
                    _connector="OR",
                ),
                name="budget_transfer_has_two_legs",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("debt", None), ("disbursed__lte", models.F("voted")), _connector="OR"
                ),
                name="budget_debt_voted_first",
            ),
        ),
    ]
