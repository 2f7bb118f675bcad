"""A role stays as it was granted. Its end is set to an earlier day or not at all, and each day that it was set to is
kept: by a trigger, whatever code runs."""

from django.db import migrations

FORWARD = """
INSERT INTO portal_accounts_roleend (role_id, ends_on, ended_by_id)
  SELECT id, ends_on, ended_by_id FROM portal_accounts_staffrole WHERE ends_on IS NOT NULL ORDER BY id;
SELECT portal_audit_keep('portal_accounts_roleend', 'id', 'role_id', 'ends_on', 'ended_by_id');
SELECT portal_audit_keep('portal_accounts_staffrole', 'id', 'person_id', 'role', 'programme_code', 'municipality_id',
  'assigned_only', 'rank', 'starts_on', 'granted_by_id');
DROP TRIGGER stay ON portal_accounts_staffrole;
CREATE TRIGGER stay BEFORE UPDATE ON portal_accounts_staffrole FOR EACH ROW WHEN (
  (OLD.id, OLD.person_id, OLD.role, OLD.programme_code, OLD.municipality_id, OLD.assigned_only, OLD.rank, OLD.starts_on,
    OLD.granted_by_id)
  IS DISTINCT FROM
  (NEW.id, NEW.person_id, NEW.role, NEW.programme_code, NEW.municipality_id, NEW.assigned_only, NEW.rank, NEW.starts_on,
    NEW.granted_by_id)
  OR OLD.ends_on < COALESCE(NEW.ends_on, 'infinity'))
  EXECUTE FUNCTION portal_audit_refuse();
CREATE FUNCTION portal_accounts_role_end() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO portal_accounts_roleend (role_id, ends_on, ended_by_id) VALUES (NEW.id, NEW.ends_on, NEW.ended_by_id);
  RETURN NULL;
END $$;
CREATE TRIGGER starts_ended AFTER INSERT ON portal_accounts_staffrole FOR EACH ROW WHEN (NEW.ends_on IS NOT NULL)
  EXECUTE FUNCTION portal_accounts_role_end();
CREATE TRIGGER is_ended AFTER UPDATE ON portal_accounts_staffrole FOR EACH ROW
  WHEN ((OLD.ends_on, OLD.ended_by_id) IS DISTINCT FROM (NEW.ends_on, NEW.ended_by_id) AND NEW.ends_on IS NOT NULL)
  EXECUTE FUNCTION portal_accounts_role_end();
"""
BACKWARD = """
DROP TRIGGER starts_ended ON portal_accounts_staffrole; DROP TRIGGER is_ended ON portal_accounts_staffrole;
DROP FUNCTION portal_accounts_role_end();
SELECT portal_audit_let_go('portal_accounts_staffrole');
SELECT portal_audit_let_go('portal_accounts_roleend');
"""


class Migration(migrations.Migration):
    dependencies = [("portal_accounts", "0016_role_ends"), ("portal_audit", "0004_prints")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
