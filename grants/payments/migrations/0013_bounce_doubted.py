"""What the bank wrote stays. A transfer whose bounce is doubted counts against the award; it left the city by the award of
its day, so that it may be above what the recipient may have now, and never above the award."""

from django.db import migrations

WITHIN = """
CREATE OR REPLACE FUNCTION grants_payments_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most bigint; total bigint;
BEGIN
  IF NEW.state NOT IN ({live}) OR (TG_OP = 'UPDATE' AND OLD.state IN ({live}) AND OLD.amount = NEW.amount) THEN
    RETURN NULL;
  END IF;
  SELECT {most} INTO most FROM grants_awards_award WHERE id = NEW.award_id FOR NO KEY UPDATE;
  SELECT sum(amount) INTO total FROM grants_payments_payment WHERE award_id = NEW.award_id AND state IN ({live});
  IF total > most THEN
    RAISE EXCEPTION 'payments_within_award: % of %', total, most USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
"""
LIVE = "'ordered', 'held', 'returned', 'paid'"
MOST = "CASE WHEN NEW.state = 'bounce_doubted' THEN awarded_amount ELSE payable END"
KEPT = """
SELECT portal_audit_keep('grants_payments_bankword', 'id', 'payment_id', 'sha256', 'given_by_id', 'given_at');
"""


def within(live: str, most: str) -> str:
    return WITHIN.replace("{live}", live).replace("{most}", most)


FORWARD = within(f"{LIVE}, 'bounce_doubted'", MOST) + KEPT
BACKWARD = within(LIVE, "payable") + "SELECT portal_audit_let_go('grants_payments_bankword');"


class Migration(migrations.Migration):
    dependencies = [("grants_payments", "0012_bounce_doubted"), ("portal_audit", "0004_prints")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
