"""The sum of an award's live payments never exceeds what the recipient may have by the decisions in force. An order
that was sent back still counts, and so does a transfer whose bounce is doubted: it left the city by the award of its
day, and is never above that award. No file goes to the bank with an order that accounting has not passed. What the
bank wrote, what accounting looked at and the bytes of an exported batch stay."""

from django.db import migrations

RULES = r"""
CREATE FUNCTION grants_payments_within() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE most bigint; total bigint;
BEGIN
  IF NEW.state NOT IN ('ordered', 'held', 'returned', 'paid', 'bounce_doubted', 'set_off') OR (TG_OP = 'UPDATE' AND
    OLD.state IN ('ordered', 'held', 'returned', 'paid', 'bounce_doubted', 'set_off') AND OLD.amount = NEW.amount)
    THEN
    RETURN NULL;
  END IF;
  SELECT CASE WHEN NEW.state = 'bounce_doubted' THEN awarded_amount ELSE payable END INTO most FROM
    grants_awards_award WHERE id = NEW.award_id FOR NO KEY UPDATE;
  SELECT sum(amount) INTO total FROM grants_payments_payment WHERE award_id = NEW.award_id AND state IN ('ordered',
    'held', 'returned', 'paid', 'bounce_doubted', 'set_off');
  IF total > most THEN
    RAISE EXCEPTION 'payments_within_award: % of %', total, most USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE FUNCTION grants_payments_checked() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE missing bigint;
BEGIN
  SELECT count(*) INTO missing FROM grants_payments_payment AS p
    LEFT JOIN grants_payments_ordercheck AS c ON c.id = p.clearance_id AND c.payment_id = p.id AND c.batch_id =
      p.batch_id
      AND c.lawful AND c.debt_fixed AND c.complete
    WHERE p.batch_id = NEW.id AND c.id IS NULL;
  IF missing > 0 THEN
    RAISE EXCEPTION 'payments_checked_before_export: % of %', missing, NEW.number USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
SELECT portal_audit_keep('grants_payments_bankword', 'id', 'payment_id', 'sha256', 'given_by_id', 'given_at');
SELECT portal_audit_keep('grants_payments_ordercheck', 'id', 'payment_id', 'batch_id', 'lawful', 'debt_fixed',
  'complete', 'checked_by_id', 'checked_at');
CREATE TRIGGER within AFTER INSERT OR UPDATE ON grants_payments_payment
  FOR EACH ROW EXECUTE FUNCTION grants_payments_within();
CREATE TRIGGER print AFTER INSERT OR UPDATE ON grants_payments_paymentbatch
  FOR EACH ROW WHEN (NEW.sha256 <> '')
  EXECUTE FUNCTION portal_audit_print('id', 'number', 'content', 'sha256');
CREATE TRIGGER stay BEFORE UPDATE ON grants_payments_paymentbatch
  FOR EACH ROW WHEN (OLD.sha256 <> '' AND ((OLD.id, OLD.number, OLD.content, OLD.sha256)
    IS DISTINCT FROM (NEW.id, NEW.number, NEW.content, NEW.sha256)))
  EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep BEFORE DELETE ON grants_payments_paymentbatch
  FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON grants_payments_paymentbatch
  FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER checked AFTER UPDATE OF state ON grants_payments_paymentbatch
  FOR EACH ROW WHEN (NEW.state = 'exported' AND OLD.state IN ('open', 'locked'))
  EXECUTE FUNCTION grants_payments_checked();
"""
GONE = """
DROP FUNCTION grants_payments_checked() CASCADE;
DROP FUNCTION grants_payments_within() CASCADE;
"""


class Migration(migrations.Migration):
    replaces = [("grants_payments", "0019_batches_listed")]
    dependencies = [
        ("grants_payments", "0001_tables"),
        ("grants_awards", "0001_tables"),
        ("portal_audit", "0002_rules"),
    ]
    operations = [migrations.RunSQL(RULES, GONE)]
