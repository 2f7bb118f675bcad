import django.db.models.deletion
import django_fsm
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("grants_payments", "0001_initial"),
        ("grants_payments", "0002_within"),
        ("grants_payments", "0003_account_refused"),
        ("grants_payments", "0004_came_back"),
        ("grants_payments", "0005_not_executed"),
        ("grants_payments", "0006_kept"),
        ("grants_payments", "0007_result_columns"),
        ("grants_payments", "0008_names_of_files"),
        ("grants_payments", "0009_payable"),
        ("grants_payments", "0010_accounting"),
        ("grants_payments", "0011_checked_orders"),
        ("grants_payments", "0012_bounce_doubted"),
        ("grants_payments", "0013_bounce_doubted"),
        ("grants_payments", "0014_held"),
        ("grants_payments", "0015_said_to_be_back"),
        ("grants_payments", "0016_set_off"),
        ("grants_payments", "0017_bounce_confirmed"),
        ("grants_payments", "0018_set_off_undone"),
    ]

    initial = True

    dependencies = [
        ("grants_awards", "0001_tables"),
        ("portal_accounts", "0001_tables"),
        ("portal_accounts", "__first__"),
        ("portal_cases", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("bank_code", models.CharField(max_length=4)),
                ("branch_code", models.CharField(max_length=3)),
                (
                    "kind",
                    models.CharField(
                        choices=[("1", "普通"), ("2", "当座"), ("4", "貯蓄")], max_length=1
                    ),
                ),
                ("number", models.CharField(max_length=7)),
                ("holder", models.CharField(max_length=100)),
                ("holder_kana", models.CharField(max_length=100)),
                ("declared_at", models.DateTimeField(default=portal.clock.now)),
                ("refusal", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_accounts",
                        to="portal_accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["confirmed", "declared", "refused", "replaced"])
                        ),
                        name="payments_account_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "confirmed")),
                        fields=("organisation",),
                        name="payments_one_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^\\d{7}$")),
                        name="payments_account_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
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
                        choices=[("settlement", "精算払"), ("advance", "概算払")], max_length=10
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("claimed_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="grants_awards.award",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="portal_cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["checked", "claimed", "denied", "returned"])
                        ),
                        name="payments_claim_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="payments_claim_positive"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["claimed", "returned", "checked"])),
                        fields=("award", "kind"),
                        name="payments_claim_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lawful", models.BooleanField()),
                ("debt_fixed", models.BooleanField()),
                ("complete", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("checked_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "checked_by",
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
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("amount", models.BigIntegerField()),
                ("line", models.PositiveIntegerField(null=True)),
                ("ordered_at", models.DateTimeField(default=portal.clock.now)),
                ("paid_on", models.DateField(null=True)),
                ("held_for", models.TextField(blank=True)),
                ("bounce", models.CharField(blank=True, max_length=120)),
                ("is_bounce_confirmed", models.BooleanField(default=False)),
                ("came_back_on", models.DateField(null=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants_payments.bankaccount",
                    ),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="grants_awards.award",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="portal_cases.case",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="grants_payments.claim",
                    ),
                ),
                (
                    "clearance",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants_payments.ordercheck",
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reissue_of",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reissue",
                        to="grants_payments.payment",
                    ),
                ),
                (
                    "restores",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restored_by",
                        to="grants_payments.payment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "bounce_doubted",
                                    "bounced",
                                    "cancelled",
                                    "held",
                                    "ordered",
                                    "paid",
                                    "returned",
                                    "set_off",
                                ],
                            )
                        ),
                        name="payments_payment_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="payments_payment_positive"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("restores", None),
                            (
                                "state__in",
                                ["ordered", "held", "returned", "bounce_doubted", "paid"],
                            ),
                        ),
                        fields=("claim",),
                        name="payments_one_live",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["ordered", "held", "returned", "bounce_doubted", "paid"])
                        ),
                        fields=("restores",),
                        name="payments_restored_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("came_back_on", None),
                            models.Q(
                                ("paid_on__lte", models.F("came_back_on")),
                                ("state__in", ("paid", "bounced", "bounce_doubted")),
                            ),
                            _connector="OR",
                        ),
                        name="payments_came_back_after",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="ordercheck",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checks",
                to="grants_payments.payment",
            ),
        ),
        migrations.CreateModel(
            name="BankWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("given_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_words",
                        to="grants_payments.payment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PaymentBatch",
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
                ("pay_on", models.DateField()),
                ("content", models.BinaryField(null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("not_executed", models.BinaryField(null=True)),
                ("not_executed_name", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        models.OrderBy(
                            models.Case(
                                models.When(state__in=("reconciled", "voided"), then=None),
                                default=models.F("pay_on"),
                            ),
                            nulls_last=True,
                        ),
                        models.OrderBy(models.F("pay_on"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="payments_batch_desk",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "exported",
                                    "locked",
                                    "open",
                                    "reconciled",
                                    "void_asked",
                                    "voided",
                                ],
                            )
                        ),
                        name="payments_batch_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ("exported", "void_asked", "reconciled")),
                                _negated=True,
                            ),
                            models.Q(("sha256", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="payments_exported_has_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "void_asked"), _negated=True),
                            ("not_executed__isnull", False),
                            _connector="OR",
                        ),
                        name="payments_void_has_the_banks_word",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="payment",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="grants_payments.paymentbatch",
            ),
        ),
        migrations.AddField(
            model_name="ordercheck",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checks",
                to="grants_payments.paymentbatch",
            ),
        ),
        migrations.CreateModel(
            name="ResultImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("columns", models.JSONField(default=dict)),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("report", models.JSONField(default=list)),
                ("started_at", models.DateTimeField(default=portal.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="grants_payments.paymentbatch",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("batch", "line"), name="payments_line_once"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("clearance", None), ("batch__isnull", False), _connector="OR"),
                name="payments_cleared_in_batch",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "paid"), _negated=True),
                    models.Q(("batch__isnull", False), ("paid_on__isnull", False)),
                    _connector="OR",
                ),
                name="payments_paid_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "set_off"), _negated=True),
                    models.Q(("batch", None), ("paid_on__isnull", False)),
                    _connector="OR",
                ),
                name="payments_set_off_moves_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="ordercheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("complete", True), ("debt_fixed", True), ("lawful", True), _negated=True
                    ),
                    ("reason", ""),
                    _connector="OR",
                ),
                name="payments_check_passed_or_reason",
            ),
        ),
    ]
