"""債務負担行為: a line of a later year holds what may be promised of it now, and what was voted since."""

import django.contrib.postgres.fields
import django.db.models.deletion
import portal.clock
from django.conf import settings
from django.db import migrations, models

VOTE = """
CREATE FUNCTION grants_budget_vote() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE grants_budget_budgetline SET voted = voted + NEW.amount WHERE id = NEW.line_id;
  RETURN NULL;
END $$;
CREATE TRIGGER vote AFTER INSERT ON grants_budget_budgetentry FOR EACH ROW
  WHEN (NEW.kind = 'voted') EXECUTE FUNCTION grants_budget_vote();
"""
NO_VOTE = "DROP TRIGGER vote ON grants_budget_budgetentry; DROP FUNCTION grants_budget_vote();"
KEPT = """
SELECT portal_audit_keep('grants_budget_debtact', 'id', 'programme_code', 'municipality_codes', 'fiscal_year',
  'spent_in', 'limit_amount', 'ground', 'proposed_by_id', 'proposed_at');
"""
KINDS = [
    (kind, kind)
    for kind in (
        *("appropriation", "reduction", "supplement", "supplement_cut", "transfer", "voted"),
        *("commitment", "decommitment", "disbursement", "reversal"),
        *("return", "return_undone"),
        *("carry_over", "accident", "carry_again"),
    )
]
CHANGES = [
    ("appropriation", "当初予算"),
    ("supplement", "補正（増）"),
    ("supplement_cut", "補正（減）"),
    ("transfer", "流用"),
    ("carry_over", "繰越明許費による繰越"),
    ("accident", "事故繰越し"),
    ("carry_again", "繰り越したものの事故繰越し"),
    ("voted", "予算化"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("grants_budget", "0014_carried_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="DebtAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        condition=models.Q(limit_amount__gt=0), name="budget_debt_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(spent_in__gt=models.F("fiscal_year")),
                        name="budget_debt_of_later_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(confirmed_at=None)
                        | models.Q(closed_at__isnull=False)
                        & ~models.Q(closed_by=models.F("proposed_by")),
                        name="budget_debt_four_eyes",
                    ),
                ],
            },
        ),
        migrations.AddField(
            "budgetline",
            "debt",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="grants_budget.debtact",
            ),
        ),
        migrations.AddField(
            "budgetline", "voted", models.BigIntegerField(default=0, editable=False)
        ),
        migrations.AddConstraint(
            "budgetline",
            models.CheckConstraint(
                condition=models.Q(debt=None) | models.Q(disbursed__lte=models.F("voted")),
                name="budget_debt_voted_first",
            ),
        ),
        migrations.AlterField("budgetentry", "kind", models.CharField(choices=KINDS, max_length=14)),
        migrations.AlterField("budgetchange", "kind", models.CharField(choices=CHANGES, max_length=14)),
        migrations.RunSQL(VOTE, NO_VOTE),
        migrations.RunSQL(KEPT, "SELECT portal_audit_let_go('grants_budget_debtact')"),
    ]
