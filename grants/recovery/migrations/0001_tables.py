import django.db.models.deletion
import django_fsm
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("grants_recovery", "0001_initial"),
        ("grants_recovery", "0002_grounds"),
        ("grants_recovery", "0003_parts"),
        ("grants_recovery", "0004_taken_back"),
        ("grants_recovery", "0005_endings"),
        ("grants_recovery", "0006_by_the_book"),
        ("grants_recovery", "0007_serial"),
        ("grants_recovery", "0008_lowered"),
        ("grants_recovery", "0009_withholding"),
        ("grants_recovery", "0010_withholding_ended"),
        ("grants_recovery", "0011_set_off"),
        ("grants_recovery", "0012_late_use"),
        ("grants_recovery", "0013_set_off_undone"),
        ("grants_recovery", "0014_surplus_seen"),
        ("grants_recovery", "0015_early"),
        ("grants_recovery", "0016_later_requests"),
    ]

    initial = True

    dependencies = [
        ("grants_awards", "0001_tables"),
        ("grants_payments", "0001_tables"),
        ("portal_accounts", "__first__"),
        ("portal_cases", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recovery",
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
                    "ground",
                    models.CharField(
                        choices=[
                            ("revoked", "交付決定の取消し"),
                            ("partly", "交付決定の一部の取消し"),
                            ("circumstances", "事情の変更"),
                            ("abandoned", "補助事業の廃止"),
                            ("withdrawn", "申請の取下げ"),
                            ("surplus", "受け取れる額を超えた支払い"),
                            ("disposal", "財産の処分"),
                            ("vat", "消費税仕入控除税額の確定"),
                            ("late_use", "使用の遅れによる違約金"),
                        ],
                        max_length=14,
                    ),
                ),
                ("reason", models.TextField()),
                ("principal", models.BigIntegerField()),
                ("lowered", models.BigIntegerField(default=0)),
                ("with_surcharge", models.BooleanField(default=False)),
                ("received_on", models.DateField()),
                ("parts", models.JSONField(default=list)),
                ("ordered_on", models.DateField()),
                ("serial", models.PositiveIntegerField()),
                ("due_on", models.DateField()),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recoveries",
                        to="grants_awards.award",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recoveries",
                        to="portal_cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["cancelled", "closed", "deferred", "ordered", "waived"])
                        ),
                        name="recovery_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("principal__gt", 0)), name="recovery_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("ordered_on"))),
                        name="recovery_due_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "ground__in",
                                    [
                                        "surplus",
                                        "circumstances",
                                        "abandoned",
                                        "withdrawn",
                                        "disposal",
                                        "vat",
                                        "late_use",
                                    ],
                                ),
                                _negated=True,
                            ),
                            ("with_surcharge", False),
                            _connector="OR",
                        ),
                        name="recovery_no_fault_no_surcharge",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reckoned",
            fields=[
                (
                    "recovery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="reckoned",
                        serialize=False,
                        to="grants_recovery.recovery",
                    ),
                ),
                ("on", models.DateField()),
                ("left", models.BigIntegerField()),
                ("next_due", models.DateField()),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="MoneyIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("taken_up_at", models.DateTimeField(null=True)),
                ("paid_on", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("over", models.BigIntegerField(default=0)),
                ("over_seen_at", models.DateTimeField(null=True)),
                ("refunded_on", models.DateField(null=True)),
                ("payer", models.CharField(blank=True, max_length=60)),
                ("to_line", models.BooleanField()),
                ("note", models.CharField(blank=True, max_length=120)),
                ("booked_at", models.DateTimeField(default=portal.clock.now)),
                ("doubt", models.TextField(blank=True)),
                ("doubted_at", models.DateTimeField(null=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "booked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "doubted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "over_seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_off",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="set_against",
                        to="grants_payments.payment",
                    ),
                ),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unordered",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="early_receipts",
                        to="grants_awards.award",
                    ),
                ),
                (
                    "recovery",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="grants_recovery.recovery",
                    ),
                ),
            ],
            options={
                "ordering": ["paid_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="recovery_receipt_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("recovery", None),
                                ("set_off", None),
                                ("to_line", False),
                                ("unordered__isnull", False),
                            ),
                            models.Q(("recovery__isnull", False), ("unordered", None)),
                            _connector="OR",
                        ),
                        name="recovery_receipt_of_an_order_or_early",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("over__gte", 0), ("over__lte", models.F("amount"))),
                        name="recovery_receipt_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("refunded_on", None), ("over__gt", 0), _connector="OR"),
                        name="recovery_receipt_refunded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("over_seen_at", None),
                                ("over_seen_by", None),
                                ("refunded_on", None),
                            ),
                            models.Q(("over__gt", 0), ("over_seen_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="recovery_receipt_over_seen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("over_seen_by", None),
                            models.Q(("over_seen_by", models.F("booked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="recovery_receipt_over_seen_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("set_off", None),
                            models.Q(
                                ("over", 0),
                                models.Q(
                                    ("doubted_at", None),
                                    ("taken_back_at__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="recovery_receipt_set_off_stands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_back_at", None), ("taken_back_by", None)),
                            models.Q(
                                ("doubted_by__isnull", False),
                                ("taken_back_at__isnull", False),
                                ("taken_back_by__isnull", False),
                                models.Q(("taken_back_by", models.F("doubted_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recovery_receipt_taken_back_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LaterRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("plan", models.JSONField(default=list)),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField(default=portal.clock.now)),
                ("answer", models.TextField(blank=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
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
                        related_name="later_requests",
                        to="portal_cases.case",
                    ),
                ),
                (
                    "recovery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later_requests",
                        to="grants_recovery.recovery",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["agreed", "asked", "denied", "overtaken", "withdrawn"])
                        ),
                        name="recovery_later_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("recovery",),
                        name="recovery_later_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deferral", models.PositiveSmallIntegerField()),
                ("agreed_on", models.DateField()),
                ("due_on", models.DateField()),
                ("amount", models.BigIntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_cases.case",
                    ),
                ),
                (
                    "recovery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreed",
                        to="grants_recovery.recovery",
                    ),
                ),
            ],
            options={
                "ordering": ["deferral", "due_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="recovery_instalment_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gt", models.F("agreed_on"))),
                        name="recovery_instalment_later",
                    ),
                    models.UniqueConstraint(
                        fields=("recovery", "deferral", "due_on"), name="recovery_instalment_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Demand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("demanded_on", models.DateField(default=portal.clock.today)),
                ("answer_by", models.DateField()),
                ("fee", models.BigIntegerField(default=0)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recovery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="demands",
                        to="grants_recovery.recovery",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fee__gte", 0)), name="recovery_demand_fee"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer_by__gt", models.F("demanded_on"))),
                        name="recovery_demand_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Withholding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withholdings",
                        to="grants_payments.payment",
                    ),
                ),
                (
                    "recovery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withheld",
                        to="grants_recovery.recovery",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("payment", "recovery"),
                        name="recovery_withheld_once",
                    )
                ],
            },
        ),
    ]
