"""The sum of an award's live payments never exceeds what may be paid: the fixed amount, or the award before fixing."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION grants_payments_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most bigint; total bigint;
BEGIN
  IF NEW.state NOT IN ('ordered', 'held', 'paid') OR (TG_OP = 'UPDATE' AND OLD.state IN ('ordered', 'held', 'paid') AND OLD.amount = NEW.amount) THEN
    RETURN NULL;
  END IF;
  SELECT coalesce(fixed_amount, awarded_amount) INTO most FROM grants_awards_award WHERE id = NEW.award_id FOR NO KEY UPDATE;
  SELECT sum(amount) INTO total FROM grants_payments_payment WHERE award_id = NEW.award_id AND state IN ('ordered', 'held', 'paid');
  IF total > most THEN
    RAISE EXCEPTION 'payments_within_award: % of %', total, most USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER within AFTER INSERT OR UPDATE ON grants_payments_payment FOR EACH ROW EXECUTE FUNCTION grants_payments_within();
"""
BACKWARD = """
DROP TRIGGER within ON grants_payments_payment;
DROP FUNCTION grants_payments_within();
"""


class Migration(migrations.Migration):
    dependencies = [("grants_payments", "0001_initial"), ("grants_awards", "0002_later_life")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
