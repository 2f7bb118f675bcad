"""戻入の取消し: what was booked as come back never came. It undoes the return and the decommitment that went with it."""

from django.db import migrations, models

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
    carried = CASE NEW.kind WHEN 'carry_over' THEN carried + NEW.amount
      WHEN 'decommitment' THEN LEAST(carried, committed - NEW.amount) ELSE carried END
  WHERE id = NEW.line_id;
  RETURN NULL;
END $$;
"""
KINDS = [
    ("appropriation", "appropriation"),
    ("commitment", "commitment"),
    ("decommitment", "decommitment"),
    ("disbursement", "disbursement"),
    ("return", "return"),
    ("carry_over", "carry_over"),
    ("reversal", "reversal"),
    ("reduction", "reduction"),
    ("return_undone", "return_undone"),
]


class Migration(migrations.Migration):
    dependencies = [("grants_budget", "0008_kept_changes")]
    operations = [
        migrations.AlterField("budgetentry", "kind", models.CharField(choices=KINDS, max_length=14)),
        migrations.RunSQL(TOTAL, migrations.RunSQL.noop),
    ]
