"""A frame that pays money counts its places beside a line in yen; a course has seats, and no other line."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION grants_budget_units() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE paid text;
BEGIN
  SELECT parameters ->> 'kind' INTO paid FROM grants_programmes_call WHERE id = NEW.call_id;
  IF (NEW.unit = 'seats') IS DISTINCT FROM (paid = 'seats') OR (
    NEW.unit = 'slots' AND paid IN ('subsidy', 'support') AND NOT EXISTS (
      SELECT FROM grants_budget_budgetline
      WHERE call_id = NEW.call_id AND frame = NEW.frame AND unit = 'yen'
    )
  ) THEN
    RAISE EXCEPTION 'budget_units: % of frame % in a call of kind %', NEW.unit, NEW.frame, paid
      USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_units';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER units AFTER INSERT ON grants_budget_budgetline
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grants_budget_units();
"""
BACKWARD = "DROP TRIGGER units ON grants_budget_budgetline; DROP FUNCTION grants_budget_units();"


class Migration(migrations.Migration):
    dependencies = [("grants_budget", "0017_classification_proposals"), ("grants_programmes", "0005_changes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
