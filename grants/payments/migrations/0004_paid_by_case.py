"""A case carries what banks brought in it, so that the office's list is sorted by it: copied whenever the case is
written, and when a payment is paid, or is no more.
"""

from django.db import migrations

RULES = """
CREATE FUNCTION grants_payments_carry_paid() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  SELECT sum(amount) INTO NEW.paid_amount FROM grants_payments_payment WHERE case_id = NEW.id AND state = 'paid';
  RETURN NEW;
END
$$;
CREATE FUNCTION grants_payments_carry_paid_anew() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  before bigint := to_jsonb(OLD) ->> 'case_id';
  now bigint := to_jsonb(NEW) ->> 'case_id';
BEGIN
  UPDATE portal_cases_case SET paid_amount = paid_amount WHERE id IN (before, now);
  RETURN NULL;
END
$$;
CREATE TRIGGER carry_paid BEFORE INSERT OR UPDATE ON portal_cases_case
  FOR EACH ROW EXECUTE FUNCTION grants_payments_carry_paid();
CREATE TRIGGER paid_insert AFTER INSERT ON grants_payments_payment
  FOR EACH ROW WHEN (NEW.state = 'paid') EXECUTE FUNCTION grants_payments_carry_paid_anew();
CREATE TRIGGER paid_update AFTER UPDATE OF state, amount, case_id ON grants_payments_payment
  FOR EACH ROW WHEN ((OLD.state = 'paid') <> (NEW.state = 'paid')
    OR NEW.state = 'paid' AND (OLD.amount, OLD.case_id) <> (NEW.amount, NEW.case_id))
  EXECUTE FUNCTION grants_payments_carry_paid_anew();
CREATE TRIGGER paid_delete AFTER DELETE ON grants_payments_payment
  FOR EACH ROW WHEN (OLD.state = 'paid') EXECUTE FUNCTION grants_payments_carry_paid_anew();
UPDATE portal_cases_case SET paid_amount = paid_amount
  WHERE id IN (SELECT case_id FROM grants_payments_payment WHERE state = 'paid');
SET CONSTRAINTS ALL IMMEDIATE;
"""
GONE = """
DROP FUNCTION grants_payments_carry_paid_anew() CASCADE;
DROP FUNCTION grants_payments_carry_paid() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal_cases", "0004_sorted_by_officer_and_paid"),
        ("grants_payments", "0003_awaited"),
    ]

    operations = [migrations.RunSQL(RULES, GONE)]
