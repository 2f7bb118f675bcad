"""What is left of each return on a day is kept (`grants.recovery.reckoned`), and forgotten by whatever changes it.
Whoever writes holds the return first: a night that reckons it at that moment ends before."""

from django.db import migrations

RULES = r"""
CREATE FUNCTION grants_recovery_forget() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  before bigint := to_jsonb(OLD) ->> TG_ARGV[0];
  now bigint := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  PERFORM FROM grants_recovery_recovery WHERE id IN (before, now) ORDER BY id FOR SHARE;
  DELETE FROM grants_recovery_reckoned WHERE recovery_id IN (before, now);
  RETURN NULL;
END
$$;
CREATE TRIGGER forget_reckoned AFTER INSERT OR DELETE OR UPDATE ON grants_recovery_demand
  FOR EACH ROW EXECUTE FUNCTION grants_recovery_forget('recovery_id');
CREATE TRIGGER forget_reckoned AFTER INSERT OR DELETE OR UPDATE ON grants_recovery_instalment
  FOR EACH ROW EXECUTE FUNCTION grants_recovery_forget('recovery_id');
CREATE TRIGGER forget_reckoned AFTER INSERT OR DELETE OR UPDATE ON grants_recovery_moneyin
  FOR EACH ROW EXECUTE FUNCTION grants_recovery_forget('recovery_id');
CREATE TRIGGER forget_reckoned AFTER INSERT OR DELETE OR UPDATE ON grants_recovery_recovery
  FOR EACH ROW EXECUTE FUNCTION grants_recovery_forget('id');
"""
GONE = """
DROP FUNCTION grants_recovery_forget() CASCADE;
"""


class Migration(migrations.Migration):
    replaces = [("grants_recovery", "0017_reckoned")]
    dependencies = [
        ("grants_recovery", "0001_tables"),
    ]
    operations = [migrations.RunSQL(RULES, GONE)]
