"""A role stays as it was granted. Its end is set to an earlier day or not at all, and each day that it was set to is
kept: by a trigger, whatever code runs. What one administrator proposed, who is away, who stands in, how the removal of a
second factor ended and an exception from the separation of duties stay as they were entered; ends are written once."""

from django.db import migrations

RULES = r"""
CREATE FUNCTION portal_accounts_role_end() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO portal_accounts_roleend (role_id, ends_on, ended_by_id) VALUES (NEW.id, NEW.ends_on, NEW.ended_by_id);
  RETURN NULL;
END
$$;
SELECT portal_audit_keep_begun('portal_accounts_absence', 'closed_at', 'id', 'person_id', 'starts_on',
  'ends_on', 'entered_by_id', 'entered_at');
SELECT portal_audit_keep_begun('portal_accounts_deputy', 'ended_at', 'id', 'person_id', 'role', 'n',
  'stand_in_id', 'named_by_id', 'named_at');
SELECT portal_audit_keep_begun('portal_accounts_dutyexception', 'ended_at', 'id', 'municipality_id', 'pairs',
  'ground', 'starts_on', 'ends_on', 'proposed_by_id', 'proposed_at');
SELECT portal_audit_keep_ended('portal_accounts_factorremoval', 'closed_at', 'id', 'person_id', 'how',
  'ground', 'proposed_by_id', 'proposed_at', 'closed_by_id', 'closed_at', 'outcome');
SELECT portal_audit_keep('portal_accounts_roleend', 'id', 'role_id', 'ends_on', 'ended_by_id');
SELECT portal_audit_keep('portal_accounts_roleproposal', 'id', 'person_id', 'role', 'programme_code',
  'municipality_id', 'assigned_only', 'starts_on', 'ends_on', 'takes_from_id', 'proposed_by_id', 'proposed_at',
  'rank');
CREATE TRIGGER print AFTER INSERT ON portal_accounts_staffrole
  FOR EACH ROW EXECUTE FUNCTION portal_audit_print('id', 'person_id', 'role', 'programme_code',
    'municipality_id', 'assigned_only', 'rank', 'starts_on', 'granted_by_id');
CREATE TRIGGER keep BEFORE DELETE ON portal_accounts_staffrole
  FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_accounts_staffrole
  FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER stay BEFORE UPDATE ON portal_accounts_staffrole
  FOR EACH ROW WHEN (((OLD.id, OLD.person_id, OLD.role, OLD.programme_code, OLD.municipality_id,
    OLD.assigned_only, OLD.rank, OLD.starts_on, OLD.granted_by_id)
    IS DISTINCT FROM (NEW.id, NEW.person_id, NEW.role, NEW.programme_code, NEW.municipality_id,
      NEW.assigned_only, NEW.rank, NEW.starts_on, NEW.granted_by_id)) OR (OLD.ends_on < COALESCE(NEW.ends_on,
      'infinity')))
  EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER starts_ended AFTER INSERT ON portal_accounts_staffrole
  FOR EACH ROW WHEN (NEW.ends_on IS NOT NULL)
  EXECUTE FUNCTION portal_accounts_role_end();
CREATE TRIGGER is_ended AFTER UPDATE ON portal_accounts_staffrole
  FOR EACH ROW WHEN ((OLD.ends_on IS DISTINCT FROM NEW.ends_on OR OLD.ended_by_id IS DISTINCT FROM
    NEW.ended_by_id) AND NEW.ends_on IS NOT NULL)
  EXECUTE FUNCTION portal_accounts_role_end();
"""
GONE = """
DROP FUNCTION portal_accounts_role_end() CASCADE;
"""


class Migration(migrations.Migration):
    replaces = [("portal_accounts", "0024_no_unconfirmed_additions")]
    dependencies = [
        ("portal_accounts", "0001_tables"),
        ("portal_audit", "0002_rules"),
    ]
    operations = [migrations.RunSQL(RULES, GONE)]
