"""The book in the database: entries keep the line's totals; a CHECK on the line refuses an overdraft; entries stay."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION grants_budget_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE grants_budget_budgetline SET
    appropriated = appropriated + CASE WHEN NEW.kind = 'appropriation' THEN NEW.amount ELSE 0 END,
    committed = committed + CASE NEW.kind WHEN 'commitment' THEN NEW.amount WHEN 'decommitment' THEN -NEW.amount ELSE 0 END,
    disbursed = disbursed + CASE NEW.kind WHEN 'disbursement' THEN NEW.amount WHEN 'return' THEN -NEW.amount ELSE 0 END
  WHERE id = NEW.line_id;
  RETURN NULL;
END $$;
CREATE FUNCTION grants_budget_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % on the budget book is refused', TG_OP;
END $$;
CREATE TRIGGER total AFTER INSERT ON grants_budget_budgetentry FOR EACH ROW EXECUTE FUNCTION grants_budget_total();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON grants_budget_budgetentry
  FOR EACH ROW EXECUTE FUNCTION grants_budget_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON grants_budget_budgetentry EXECUTE FUNCTION grants_budget_refuse();
"""
BACKWARD = """
DROP TRIGGER total ON grants_budget_budgetentry; DROP TRIGGER keep ON grants_budget_budgetentry;
DROP TRIGGER keep_all ON grants_budget_budgetentry;
DROP FUNCTION grants_budget_total(); DROP FUNCTION grants_budget_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("grants_budget", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
