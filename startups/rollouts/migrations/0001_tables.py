import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("startups_rollouts", "0001_initial"),
        ("startups_rollouts", "0002_contractor_is_person"),
        ("startups_rollouts", "0003_kind_of_contract"),
    ]

    initial = True

    dependencies = [
        ("portal_accounts", "__first__"),
        ("portal_cases", "0001_tables"),
        ("portal_registry", "0001_tables"),
        ("startups_pilots", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rollout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("department", models.CharField(max_length=80)),
                (
                    "route",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("trial_order", "トライアル発注（新商品・新役務の認定）"),
                            ("proposal", "公募型プロポーザル"),
                            ("small_amount", "少額の随意契約"),
                            ("tender", "一般競争入札"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "contract_kind",
                    models.CharField(
                        choices=[
                            ("service", "委託・役務の提供など"),
                            ("purchase", "物品などの買入れ"),
                            ("lease", "物品の借入れ（リース・レンタル）"),
                            ("work", "工事・製造の請負"),
                        ],
                        default="service",
                        max_length=10,
                    ),
                ),
                ("used_on", models.DateField(null=True)),
                ("fiscal_year", models.PositiveSmallIntegerField(null=True)),
                ("budget", models.BigIntegerField(null=True)),
                ("specification", models.TextField(blank=True)),
                ("contract_amount", models.BigIntegerField(null=True)),
                ("contracted_on", models.DateField(null=True)),
                ("contractor", models.CharField(blank=True, max_length=150)),
                ("contractor_is_person", models.BooleanField(default=False)),
                ("contract_ends_on", models.DateField(null=True)),
                ("published_on", models.DateField(null=True)),
                ("use_began_on", models.DateField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rollout",
                        to="portal_cases.case",
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
                    "pilot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rollouts",
                        to="startups_pilots.pilot",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "budgeted",
                                    "considered",
                                    "contracted",
                                    "dropped",
                                    "ended",
                                    "in_use",
                                    "specified",
                                ],
                            )
                        ),
                        name="rollouts_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("dropped", "ended")), _negated=True),
                        fields=("pilot", "municipality"),
                        name="rollouts_live_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("budget", None), ("budget__gt", 0), _connector="OR"),
                        name="rollouts_budget_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contract_amount", None),
                            models.Q(
                                ("contract_amount__gt", 0),
                                ("contract_amount__lte", models.F("budget")),
                            ),
                            _connector="OR",
                        ),
                        name="rollouts_within_budget",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("contracted", "in_use")), _negated=True),
                            ("contract_amount__isnull", False),
                            _connector="OR",
                        ),
                        name="rollouts_contract_has_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("dropped", "ended")), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="rollouts_end_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=20)),
                ("note", models.CharField(max_length=300)),
                ("on", models.DateField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rollout",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="startups_rollouts.rollout",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rollout", "key"), name="rollouts_confirmed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UseAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveSmallIntegerField()),
                ("in_use", models.BooleanField()),
                ("text", models.TextField()),
                ("on", models.DateField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rollout",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="startups_rollouts.rollout",
                    ),
                ),
            ],
            options={
                "ordering": ["n"],
                "constraints": [
                    models.UniqueConstraint(fields=("rollout", "n"), name="rollouts_answer_once")
                ],
            },
        ),
    ]
