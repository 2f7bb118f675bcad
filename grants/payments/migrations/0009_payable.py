"""The sum of an award's live payments never exceeds what the recipient may have by the decisions in force."""

from django.db import migrations

WITHIN = """
CREATE OR REPLACE FUNCTION grants_payments_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most bigint; total bigint;
BEGIN
  IF NEW.state NOT IN ('ordered', 'held', 'paid') OR (TG_OP = 'UPDATE' AND OLD.state IN ('ordered', 'held', 'paid') AND OLD.amount = NEW.amount) THEN
    RETURN NULL;
  END IF;
  SELECT {most} INTO most FROM grants_awards_award WHERE id = NEW.award_id FOR NO KEY UPDATE;
  SELECT sum(amount) INTO total FROM grants_payments_payment WHERE award_id = NEW.award_id AND state IN ('ordered', 'held', 'paid');
  IF total > most THEN
    RAISE EXCEPTION 'payments_within_award: % of %', total, most USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
"""
FORWARD = WITHIN.replace("{most}", "payable")
BACKWARD = WITHIN.replace("{most}", "coalesce(fixed_amount, awarded_amount)")


class Migration(migrations.Migration):
    dependencies = [("grants_payments", "0008_names_of_files"), ("grants_awards", "0006_payable")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
