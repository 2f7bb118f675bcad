"""事故繰越し: what was carried over is carried over once more. What is carried is reckoned case by case, as far
as it is committed: it falls with the commitment, and is there again with it.
"""

from django.db import migrations, models

# of a line: what its cases carry, and carry again
CARRIED = """
SELECT coalesce(sum(least(let_over, committed)), 0) AS carried,
  coalesce(sum(least(let_again, let_over, committed)), 0) AS again
FROM (
  SELECT coalesce(sum(amount) FILTER (WHERE kind IN ('carry_over', 'accident')), 0) AS let_over,
    coalesce(sum(amount) FILTER (WHERE kind = 'carry_again'), 0) AS let_again,
    coalesce(sum(amount) FILTER (WHERE kind IN ('commitment', 'return_undone')), 0)
      - coalesce(sum(amount) FILTER (WHERE kind = 'decommitment'), 0) AS committed
  FROM grants_budget_budgetentry
  WHERE line_id = {line} AND case_id IN (
    SELECT case_id FROM grants_budget_budgetentry
    WHERE line_id = {line} AND kind IN ('carry_over', 'accident')
  )
  GROUP BY case_id
) AS cases
"""
TOTAL = """
CREATE OR REPLACE FUNCTION grants_budget_total() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE grants_budget_budgetline SET
    appropriated = appropriated + CASE NEW.kind WHEN 'appropriation' THEN NEW.amount
      WHEN 'reduction' THEN -NEW.amount ELSE 0 END,
    committed = committed + CASE WHEN NEW.kind IN ('commitment', 'return_undone') THEN NEW.amount
      WHEN NEW.kind = 'decommitment' THEN -NEW.amount ELSE 0 END,
    disbursed = disbursed + CASE WHEN NEW.kind IN ('disbursement', 'return_undone') THEN NEW.amount
      WHEN NEW.kind IN ('return', 'reversal') THEN -NEW.amount ELSE 0 END,
    carried = CASE WHEN NEW.kind = 'decommitment' THEN LEAST(carried, committed - NEW.amount) ELSE carried END,
    carried_again = CASE WHEN NEW.kind = 'decommitment' THEN LEAST(carried_again, committed - NEW.amount)
      ELSE carried_again END
  WHERE id = NEW.line_id;
  -- the line is held from here on: the book is read as it is now
  IF NEW.kind IN ('carry_over', 'accident', 'carry_again') OR (
    NEW.kind IN ('commitment', 'decommitment', 'return_undone') AND EXISTS (
      SELECT 1 FROM grants_budget_budgetentry
      WHERE case_id = NEW.case_id AND line_id = NEW.line_id AND kind IN ('carry_over', 'accident')
    )
  ) THEN
    UPDATE grants_budget_budgetline SET carried = found.carried, carried_again = found.again
    FROM (%s) AS found WHERE id = NEW.line_id;
  END IF;
  RETURN NULL;
END $$;
""" % CARRIED.format(line="NEW.line_id")
ANEW = """
UPDATE grants_budget_budgetline AS line SET carried = (
  SELECT found.carried FROM (%s) AS found
) WHERE carried <> 0;
""" % CARRIED.format(line="line.id")


class Migration(migrations.Migration):
    dependencies = [("grants_budget", "0013_accounting_system")]
    operations = [
        migrations.AddField(
            "budgetline", "carried_again", models.BigIntegerField(default=0, editable=False)
        ),
        migrations.AddConstraint(
            "budgetline",
            models.CheckConstraint(
                condition=models.Q(
                    carried_again__gte=0, carried_again__lte=models.F("carried")
                ),
                name="budget_carried_again_within_carried",
            ),
        ),
        migrations.RunSQL(TOTAL, migrations.RunSQL.noop),
        migrations.RunSQL(ANEW, migrations.RunSQL.noop),
    ]
