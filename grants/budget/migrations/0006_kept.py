"""Entries of the book leave prints; the totals are written by the owner's trigger, so that nobody else has to be able
to. (`keep` and `keep_all` of the book are replaced by those of every kept table.)"""

from django.db import migrations

FORWARD = """
DROP TRIGGER keep ON grants_budget_budgetentry; DROP TRIGGER keep_all ON grants_budget_budgetentry;
DROP FUNCTION grants_budget_refuse();
SELECT portal_audit_keep('grants_budget_budgetentry', 'id', 'line_id', 'kind', 'amount', 'case_id', 'note', 'booked_at',
  'booked_by_id');
ALTER FUNCTION grants_budget_total() SECURITY DEFINER SET search_path = public, pg_temp;
"""
BACKWARD = """
ALTER FUNCTION grants_budget_total() SECURITY INVOKER RESET search_path;
SELECT portal_audit_let_go('grants_budget_budgetentry');
CREATE FUNCTION grants_budget_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % on the budget book is refused', TG_OP;
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON grants_budget_budgetentry
  FOR EACH ROW EXECUTE FUNCTION grants_budget_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON grants_budget_budgetentry EXECUTE FUNCTION grants_budget_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("grants_budget", "0005_changes"), ("portal_audit", "0004_prints")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
