import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import portal.clock
from django.conf import settings
from django.db import migrations, models

# an index reads it
PAIRS = r"""
CREATE FUNCTION portal_accounts_pairs(said text) RETURNS text[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 1000 AS $$
SELECT array_agg(DISTINCT substr(said, n, 2)) FROM generate_series(1, length(said)) n
$$;
"""


class Migration(migrations.Migration):
    replaces = [
        ("portal_accounts", "0001_initial"),
        ("portal_accounts", "0002_established_on_label"),
        ("portal_accounts", "0003_seat_outside_the_area"),
        ("portal_accounts", "0004_demonstration"),
        ("portal_accounts", "0005_sign_ins"),
        ("portal_accounts", "0006_role_proposals"),
        ("portal_accounts", "0007_proved"),
        ("portal_accounts", "0008_second_factors_sealed"),
        ("portal_accounts", "0009_assigned_only"),
        ("portal_accounts", "0010_factor_offered"),
        ("portal_accounts", "0011_absences"),
        ("portal_accounts", "0012_kept"),
        ("portal_accounts", "0013_ranks"),
        ("portal_accounts", "0014_lost_factors"),
        ("portal_accounts", "0015_kept_stand_ins"),
        ("portal_accounts", "0016_role_ends"),
        ("portal_accounts", "0017_kept_roles"),
        ("portal_accounts", "0018_accounting"),
        ("portal_accounts", "0019_duty_exceptions"),
        ("portal_accounts", "0020_kept_exceptions"),
        ("portal_accounts", "0021_firms_not_yet_proved"),
        ("portal_accounts", "0022_administrators_are_whole"),
        ("portal_accounts", "0023_lists_by_firm"),
    ]

    initial = True

    dependencies = [
        ("portal_registry", "0001_tables"),
    ]

    operations = [
        migrations.RunSQL(PAIRS, "DROP FUNCTION portal_accounts_pairs(said text)"),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, unique=True, verbose_name="メールアドレス"),
                ),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="お名前")),
                ("office", models.CharField(blank=True, max_length=80, verbose_name="所属")),
                ("is_active", models.BooleanField(default=True)),
                ("is_system", models.BooleanField(default=False)),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "日本語"), ("en", "English")], default="ja", max_length=2
                    ),
                ),
                ("date_joined", models.DateTimeField(default=portal.clock.now)),
                ("factor_offered_at", models.DateTimeField(editable=False, null=True)),
                ("factor_lost_at", models.DateTimeField(editable=False, null=True)),
                ("sign_outs", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Demonstration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seed", models.IntegerField()),
                ("cases", models.PositiveIntegerField()),
                ("step", models.PositiveIntegerField(default=0)),
                ("percent", models.PositiveSmallIntegerField(default=0)),
                ("memory", models.JSONField(default=dict)),
                ("began_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FormerAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("left_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_addresses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
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
                            ("corporation", "法人"),
                            ("sole_proprietor", "個人事業主"),
                            ("foreign", "外国の法人"),
                            ("body", "その他の団体"),
                        ],
                        max_length=20,
                        verbose_name="種類",
                    ),
                ),
                (
                    "corporate_number",
                    models.CharField(
                        blank=True, max_length=13, null=True, unique=True, verbose_name="法人番号"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="名称・屋号")),
                ("name_key", models.CharField(db_index=True, editable=False, max_length=200)),
                ("kana", models.CharField(blank=True, max_length=200, verbose_name="名称のカナ")),
                (
                    "postal_code",
                    models.CharField(blank=True, max_length=7, verbose_name="郵便番号"),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="所在地")),
                (
                    "prefecture",
                    models.CharField(blank=True, max_length=10, verbose_name="都道府県"),
                ),
                ("country", models.CharField(blank=True, max_length=60, verbose_name="国名")),
                (
                    "has_sapporo_office",
                    models.BooleanField(default=False, verbose_name="札幌市内に事業所がある"),
                ),
                (
                    "capital",
                    models.BigIntegerField(blank=True, null=True, verbose_name="資本金（円）"),
                ),
                (
                    "employees",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="常時使用する従業員数"
                    ),
                ),
                (
                    "established_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="設立日（個人事業主は開業日）"
                    ),
                ),
                (
                    "representative_title",
                    models.CharField(blank=True, max_length=40, verbose_name="代表者の役職"),
                ),
                (
                    "representative_name",
                    models.CharField(blank=True, max_length=80, verbose_name="代表者の氏名"),
                ),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="電話番号")),
                (
                    "tax_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("general", "課税事業者（本則課税）"),
                            ("simple", "簡易課税"),
                            ("exempt", "免税事業者"),
                        ],
                        max_length=10,
                        verbose_name="消費税の区分",
                    ),
                ),
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
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("proved_at", models.DateTimeField(editable=False, null=True)),
                ("proof_ground", models.TextField(blank=True, editable=False)),
                ("is_fictitious", models.BooleanField(default=False, editable=False)),
                ("created_at", models.DateTimeField(default=portal.clock.now, editable=False)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="portal_registry.area",
                        verbose_name="本社のある区・市町村",
                    ),
                ),
                (
                    "industry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="portal_registry.industry",
                        verbose_name="業種",
                    ),
                ),
                (
                    "proved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("proved_how", "")),
                        fields=["created_at", "id"],
                        name="accounts_firm_unproved",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        models.Func(
                            "name_key",
                            function="portal_accounts_pairs",
                            output_field=django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), size=None
                            ),
                        ),
                        name="accounts_firm_name_pairs",
                    ),
                    models.Index(fields=["name"], name="accounts_firm_name"),
                    models.Index(
                        models.OrderBy(
                            models.F("corporate_number"), descending=True, nulls_last=True
                        ),
                        name="accounts_firm_number",
                    ),
                    models.Index(fields=["representative_name"], name="accounts_firm_person"),
                    models.Index(fields=["phone"], name="accounts_firm_phone"),
                    models.Index(fields=["address"], name="accounts_firm_address"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proved_at", None), ("proved_how", "")),
                            models.Q(
                                models.Q(("proved_how", ""), _negated=True),
                                ("proved_at__isnull", False),
                                ("proved_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_proved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proved_how", "officer"), _negated=True),
                            models.Q(("proof_ground", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="accounts_checked_with_ground",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("representative", "代表者"), ("member", "担当者")], max_length=20
                    ),
                ),
                ("joined_at", models.DateTimeField(default=portal.clock.now)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="portal_accounts.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)),
                        fields=("user", "organisation"),
                        name="accounts_membership_live_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("representative", "代表者"),
                            ("member", "担当者"),
                            ("adviser", "代理人"),
                        ],
                        max_length=20,
                    ),
                ),
                ("terms", models.JSONField(default=dict)),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="portal_accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("programme_code", models.CharField(blank=True, max_length=20)),
                ("may_submit", models.BooleanField(default=False)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="portal_accounts.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="accounts_delegation_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("adviser", models.F("granted_by")), _negated=True),
                        name="accounts_delegation_not_self",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=portal.clock.now)),
                ("network", models.CharField(max_length=45)),
                ("how", models.CharField(max_length=80)),
                ("worked", models.BooleanField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["person", "-at"], name="accounts_sign_in_latest")],
            },
        ),
        migrations.CreateModel(
            name="StaffRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("programme_officer", "制度担当"),
                            ("reviewer", "審査員"),
                            ("approver", "決裁者"),
                            ("inspector", "検査員"),
                            ("finance_officer", "経理担当"),
                            ("accounting_officer", "会計管理者"),
                            ("challenge_owner", "課題担当"),
                            ("concierge", "デジタルコンシェルジュ"),
                            ("auditor", "監査（閲覧のみ）"),
                            ("administrator", "システム管理"),
                        ],
                        max_length=20,
                    ),
                ),
                ("programme_code", models.CharField(blank=True, max_length=20)),
                ("assigned_only", models.BooleanField(default=False)),
                (
                    "rank",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("section_chief", "課長"),
                            ("department_head", "部長"),
                            ("bureau_head", "局長"),
                            ("vice_mayor", "副市長"),
                            ("mayor", "市長"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="portal_registry.municipality",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "role"], name="accounts_role_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("granted_by")), _negated=True),
                        name="accounts_role_not_self",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            ("ended_by__isnull", False),
                            _connector="OR",
                        ),
                        name="accounts_role_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("assigned_only", False),
                            ("role__in", ("programme_officer",)),
                            _connector="OR",
                        ),
                        name="accounts_role_narrowed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rank", ""), ("role", "approver"), _connector="OR"),
                        name="accounts_role_ranked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "administrator"), _negated=True),
                            models.Q(("municipality", None), ("programme_code", "")),
                            _connector="OR",
                        ),
                        name="accounts_role_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleProposal",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("programme_officer", "制度担当"),
                            ("reviewer", "審査員"),
                            ("approver", "決裁者"),
                            ("inspector", "検査員"),
                            ("finance_officer", "経理担当"),
                            ("accounting_officer", "会計管理者"),
                            ("challenge_owner", "課題担当"),
                            ("concierge", "デジタルコンシェルジュ"),
                            ("auditor", "監査（閲覧のみ）"),
                            ("administrator", "システム管理"),
                        ],
                        max_length=20,
                    ),
                ),
                ("programme_code", models.CharField(blank=True, max_length=20)),
                ("assigned_only", models.BooleanField(default=False)),
                (
                    "rank",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("section_chief", "課長"),
                            ("department_head", "部長"),
                            ("bureau_head", "局長"),
                            ("vice_mayor", "副市長"),
                            ("mayor", "市長"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="portal_registry.municipality",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="role_proposals",
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
                    "granted",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="portal_accounts.staffrole",
                    ),
                ),
                (
                    "takes_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal_accounts.staffrole",
                    ),
                ),
            ],
            options={
                "ordering": ["proposed_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("proposed_by")), _negated=True),
                        name="accounts_proposal_not_self",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("granted", None),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("closed_by", models.F("proposed_by")), _negated=True),
                                models.Q(("closed_by", models.F("person")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_proposal_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("assigned_only", False),
                            ("role__in", ("programme_officer",)),
                            _connector="OR",
                        ),
                        name="accounts_proposal_narrowed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rank", ""), ("role", "approver"), _connector="OR"),
                        name="accounts_proposal_ranked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_on", models.DateField()),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ends",
                        to="portal_accounts.staffrole",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("entered_at", models.DateTimeField(default=portal.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
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
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="accounts_absence_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Deputy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("programme_officer", "制度担当"),
                            ("approver", "決裁者"),
                            ("inspector", "検査員"),
                            ("finance_officer", "経理担当"),
                            ("accounting_officer", "会計管理者"),
                        ],
                        max_length=20,
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("named_at", models.DateTimeField(default=portal.clock.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["n", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stand_in", models.F("person")), _negated=True),
                        name="accounts_deputy_not_self",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            ("named_by", models.F("person")),
                            models.Q(
                                models.Q(("confirmed_by", models.F("named_by")), _negated=True),
                                models.Q(("confirmed_by", models.F("stand_in")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_deputy_four_eyes",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("person", "role", "stand_in"),
                        name="accounts_deputy_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyException",
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
                    "pairs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), size=None
                    ),
                ),
                ("ground", models.CharField(max_length=300)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
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
                    "ended_by",
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
                "ordering": ["-starts_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="accounts_exception_days",
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
                        name="accounts_exception_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("municipality", "011002"), _negated=True),
                        name="accounts_exception_small",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("confirmed_at__isnull", False), _connector="OR"
                        ),
                        name="accounts_exception_ended_once_begun",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FactorRemoval",
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
                    "how",
                    models.CharField(
                        choices=[
                            ("card", "職員：本人に会い、職員証を確かめた"),
                            ("superior", "職員：上司に会って、本人からの申し出だと確かめた"),
                            ("counter", "事業者：窓口で、本人確認書類と事業者との関係を確かめた"),
                            (
                                "letter",
                                "事業者：登記の所在地に書留で送った番号を、本人が読み上げた",
                            ),
                            ("gbizid", "事業者：GビズIDプライムの画面を、本人の端末で確かめた"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ground", models.TextField()),
                ("waits_until", models.DateTimeField()),
                ("stop_hash", models.CharField(max_length=64, unique=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("removed", "外しました"),
                            ("stopped", "持ち主が止めました"),
                            ("taken_back", "取り下げました"),
                        ],
                        max_length=10,
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="factor_removals",
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
                        fields=("person",),
                        name="accounts_removal_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("proposed_by")), _negated=True),
                        name="accounts_removal_not_self",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_removal_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "removed"), _negated=True),
                            models.Q(
                                ("closed_at__gte", models.F("waits_until")),
                                ("closed_by__isnull", False),
                                models.Q(("closed_by", models.F("proposed_by")), _negated=True),
                                models.Q(("closed_by", models.F("person")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_removal_four_eyes",
                    ),
                ],
            },
        ),
    ]
