"""No file goes to the bank with an order that accounting has not passed; what it looked at stays. An order that was sent
back still counts against the award."""

from django.db import migrations

WITHIN = """
CREATE OR REPLACE FUNCTION grants_payments_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most bigint; total bigint;
BEGIN
  IF NEW.state NOT IN ({live}) OR (TG_OP = 'UPDATE' AND OLD.state IN ({live}) AND OLD.amount = NEW.amount) THEN
    RETURN NULL;
  END IF;
  SELECT payable INTO most FROM grants_awards_award WHERE id = NEW.award_id FOR NO KEY UPDATE;
  SELECT sum(amount) INTO total FROM grants_payments_payment WHERE award_id = NEW.award_id AND state IN ({live});
  IF total > most THEN
    RAISE EXCEPTION 'payments_within_award: % of %', total, most USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
"""
CHECKED = """
CREATE FUNCTION grants_payments_checked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE missing bigint;
BEGIN
  SELECT count(*) INTO missing FROM grants_payments_payment AS p
    LEFT JOIN grants_payments_ordercheck AS c ON c.id = p.clearance_id AND c.payment_id = p.id AND c.batch_id = p.batch_id
      AND c.lawful AND c.debt_fixed AND c.complete
    WHERE p.batch_id = NEW.id AND c.id IS NULL;
  IF missing > 0 THEN
    RAISE EXCEPTION 'payments_checked_before_export: % of %', missing, NEW.number USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER checked AFTER UPDATE OF state ON grants_payments_paymentbatch FOR EACH ROW
  WHEN (NEW.state = 'exported' AND OLD.state IN ('open', 'locked')) EXECUTE FUNCTION grants_payments_checked();
SELECT portal_audit_keep('grants_payments_ordercheck', 'id', 'payment_id', 'batch_id', 'lawful', 'debt_fixed', 'complete',
  'checked_by_id', 'checked_at');
"""
UNCHECKED = """
SELECT portal_audit_let_go('grants_payments_ordercheck');
DROP TRIGGER checked ON grants_payments_paymentbatch;
DROP FUNCTION grants_payments_checked();
"""
FORWARD = WITHIN.replace("{live}", "'ordered', 'held', 'returned', 'paid'") + CHECKED
BACKWARD = UNCHECKED + WITHIN.replace("{live}", "'ordered', 'held', 'paid'")


class Migration(migrations.Migration):
    dependencies = [("grants_payments", "0010_accounting"), ("portal_audit", "0004_prints")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
