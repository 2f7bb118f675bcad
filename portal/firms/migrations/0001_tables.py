import django.db.models.deletion
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("portal_firms", "0001_initial"),
        ("portal_firms", "0002_earlier"),
        ("portal_firms", "0003_kept"),
        ("portal_firms", "0004_records"),
        ("portal_firms", "0005_passing"),
        ("portal_firms", "0006_kept_letters_and_passings"),
    ]

    initial = True

    dependencies = [
        ("portal_accounts", "0001_tables"),
        ("portal_accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirmClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "matter",
                    models.CharField(
                        choices=[
                            ("belongs", "この事業者の代表者、または代表者から任された者です"),
                            ("left", "登録されている代表者が退いたので、引き継ぎたい"),
                            ("number", "法人番号をまちがえて登録しました"),
                            ("record", "確認を受けた名称・所在地・代表者を改めたい"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField()),
                ("right_number", models.CharField(blank=True, max_length=13)),
                ("proposed", models.JSONField(default=dict)),
                (
                    "proved_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("gbizid", "GビズIDプライムでのログイン"),
                            ("letter", "所在地に届いた確認の手紙"),
                            ("officer", "職員による書類の確認"),
                            ("earlier", "確認の手続きができる前からの利用"),
                        ],
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField(default=portal.clock.now)),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hand_over", "引き渡した"),
                            ("add", "加えた"),
                            ("correct", "番号を改めた"),
                            ("adopt", "登録を改めた"),
                            ("refuse", "認めなかった"),
                            ("withdraw", "取り下げられた"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ground", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="portal_accounts.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="firm_claims",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("outcome", ""), models.Q(("matter", "record"), _negated=True)
                        ),
                        fields=("organisation", "person"),
                        name="firms_claim_open_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("matter", "record"), ("outcome", "")),
                        fields=("organisation",),
                        name="firms_record_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="firms_claim_decided_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passing",
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
                    "decision",
                    models.CharField(
                        choices=[
                            ("hand_over", "申し出た方に引き渡す"),
                            ("add", "申し出た方を代表者として加える"),
                            ("correct", "法人番号を改める"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("representative", "代表者"), ("member", "担当者")], max_length=20
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=13)),
                ("ground", models.TextField()),
                ("answer_by", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "確認した"),
                            ("objected", "代表者が異議を述べた"),
                            ("taken_back", "取り下げた"),
                        ],
                        max_length=10,
                    ),
                ),
                ("objection", models.TextField(blank=True)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passings",
                        to="portal_firms.firmclaim",
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
            ],
            options={
                "ordering": ["proposed_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("claim",),
                        name="firms_passing_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="firms_passing_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "confirmed"), _negated=True),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("closed_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="firms_passing_four_eyes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProofLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                ("postal_code", models.CharField(blank=True, max_length=7)),
                ("address", models.CharField(max_length=330)),
                ("asked_at", models.DateTimeField(default=portal.clock.now)),
                ("code_hash", models.CharField(blank=True, max_length=128)),
                ("last_day", models.DateField(null=True)),
                ("printed_at", models.DateTimeField(null=True)),
                ("posted_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("dropped_reason", models.CharField(blank=True, max_length=200)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dropped_by",
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
                        related_name="proof_letters",
                        to="portal_accounts.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proof_letters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "posted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "printed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("asked_by", None), ("ended_at", None)),
                        fields=("organisation", "person"),
                        name="firms_letter_live_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("asked_by__isnull", False), ("ended_at", None)),
                        fields=("person",),
                        name="firms_letter_of_factor_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dropped_by", None), ("dropped_reason", "")),
                            models.Q(
                                ("dropped_by__isnull", False),
                                ("ended_at__isnull", False),
                                ("posted_at", None),
                                models.Q(("dropped_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="firms_letter_dropped",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tries__lte", 5)), name="firms_letter_tries"
                    ),
                ],
            },
        ),
    ]
