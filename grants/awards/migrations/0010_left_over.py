"""An award carries what of its money was carried over and may still be paid (`grants.awards.carried`), as
`grants.budget.carrying` reckons it: forecasts read it instead of the book of each case.
"""

from importlib import import_module

from django.db import migrations, models

before = import_module("grants.awards.migrations.0008_carried")
LET = "('carry_over', 'accident')"
CARRIES = "('carry_over', 'accident', 'carry_again')"
# of a row of `a` whose case has carried something over. What was paid since the accounts of its own year,
# or of the next, were closed is of what was carried; what came back of that can be paid again, and
# what came back beyond it cannot: so the sum never falls below the least that it was
LEFT = f"""
SELECT greatest(least(let_over, committed) - (paid_over - least(0, least_over)), 0),
  greatest(least(let_again, let_over, committed) - (paid_again - least(0, least_again)), 0)
FROM (
  SELECT coalesce(sum(amount) FILTER (WHERE kind IN {LET}), 0) AS let_over,
    coalesce(sum(amount) FILTER (WHERE kind = 'carry_again'), 0) AS let_again,
    coalesce(sum(CASE WHEN kind IN ('commitment', 'return_undone') THEN amount
      WHEN kind = 'decommitment' THEN -amount END), 0) AS committed,
    coalesce(sum(over), 0) AS paid_over, coalesce(min(since_over), 0) AS least_over,
    coalesce(sum(again), 0) AS paid_again, coalesce(min(since_again), 0) AS least_again
  FROM (
    SELECT kind, amount, over, again, sum(over) OVER (ORDER BY id) AS since_over,
      sum(again) OVER (ORDER BY id) AS since_again
    FROM (
      SELECT e.id, e.kind, e.amount,
        moved.yen * (e.booked_at >= make_timestamptz(l.fiscal_year + 1, 6, 1, 0, 0, 0, 'Asia/Tokyo'))::int AS over,
        moved.yen * (e.booked_at >= make_timestamptz(l.fiscal_year + 2, 6, 1, 0, 0, 0, 'Asia/Tokyo'))::int AS again
      FROM grants_budget_budgetentry e JOIN grants_budget_budgetline l ON l.id = e.line_id,
      LATERAL (
        SELECT CASE WHEN e.kind IN ('disbursement', 'return_undone') THEN e.amount
          WHEN e.kind IN ('return', 'reversal') THEN -e.amount ELSE 0 END AS yen
      ) AS moved
      WHERE e.case_id = a.case_id AND l.unit = 'yen'
    ) AS booked
  ) AS walked
) AS sums
"""
COPIED = f"""
CREATE OR REPLACE FUNCTION grants_awards_carry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a grants_awards_award := NEW;
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM 1 FROM portal_cases_case c JOIN portal_accounts_organisation o ON o.id = c.organisation_id
      WHERE c.id = NEW.case_id FOR SHARE;
  END IF;
  NEW.of_call_id := ({before.CALL});
  NEW.of_person := ({before.PERSON});
  NEW.paid := ({before.PAID});
  NEW.given_back := ({before.GIVEN_BACK});
  NEW.left_over := NULL;
  NEW.left_again := NULL;
  IF EXISTS (
    SELECT FROM grants_budget_budgetentry e JOIN grants_budget_budgetline l ON l.id = e.line_id
    WHERE e.case_id = NEW.case_id AND e.kind IN {CARRIES} AND l.unit = 'yen'
  ) THEN
    SELECT found.* INTO NEW.left_over, NEW.left_again FROM ({LEFT}) AS found;
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER carried_to_award ON grants_budget_budgetentry;
CREATE TRIGGER carried_to_award AFTER INSERT ON grants_budget_budgetentry FOR EACH ROW
  WHEN (NEW.kind IN {before.MOVED} OR NEW.kind = 'decommitment' OR NEW.kind = 'commitment' OR NEW.kind IN {CARRIES})
  EXECUTE FUNCTION grants_awards_carry_anew('case_id = $1.case_id');
UPDATE grants_awards_award SET frame = frame WHERE case_id IN (
  SELECT case_id FROM grants_budget_budgetentry WHERE kind IN {CARRIES}
);
SET CONSTRAINTS ALL IMMEDIATE;
"""
BACK = f"""
{before.COPIED.split("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")}
DROP TRIGGER carried_to_award ON grants_budget_budgetentry;
CREATE TRIGGER carried_to_award AFTER INSERT ON grants_budget_budgetentry FOR EACH ROW
  WHEN (NEW.kind IN {before.MOVED} OR NEW.kind = 'decommitment')
  EXECUTE FUNCTION grants_awards_carry_anew('case_id = $1.case_id');
"""
UNPAID = models.Q(payable__gt=models.F("paid"), state__in=("active", "suspended", "amount_fixed"))


class Migration(migrations.Migration):

    dependencies = [("grants_awards", "0009_fixed"), ("grants_budget", "0020_months")]

    operations = [
        migrations.AddField("award", "left_over", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField("award", "left_again", models.BigIntegerField(editable=False, null=True)),
        migrations.RunSQL(COPIED, BACK),
        migrations.RemoveIndex("award", "awards_unpaid"),
        migrations.AddIndex(
            "award",
            models.Index(
                condition=UNPAID,
                fields=["of_call", "frame", "state", "project_ends_on"],
                include=("payable", "paid", "left_over", "left_again"),
                name="awards_unpaid",
            ),
        ),
    ]
