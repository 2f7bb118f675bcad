"""予算現額の減: a line gets less, as where its call was put right before it was announced, or called off."""

from django.db import migrations, models

TOTAL = """
CREATE OR REPLACE FUNCTION grants_budget_total() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE grants_budget_budgetline SET
    appropriated = appropriated + CASE NEW.kind WHEN 'appropriation' THEN NEW.amount
      WHEN 'reduction' THEN -NEW.amount ELSE 0 END,
    committed = committed + CASE NEW.kind WHEN 'commitment' THEN NEW.amount WHEN 'decommitment' THEN -NEW.amount ELSE 0 END,
    disbursed = disbursed + CASE NEW.kind WHEN 'disbursement' THEN NEW.amount
      WHEN 'return' THEN -NEW.amount WHEN 'reversal' THEN -NEW.amount ELSE 0 END,
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
]


class Migration(migrations.Migration):
    dependencies = [("grants_budget", "0006_kept")]
    operations = [
        migrations.AlterField("budgetentry", "kind", models.CharField(choices=KINDS, max_length=14)),
        migrations.RunSQL(TOTAL, migrations.RunSQL.noop),
    ]
