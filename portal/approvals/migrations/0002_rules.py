"""What was put into circulation with a draft leaves its print then, and stays; that it is taken off later is written
once. A table of rules stays as it was confirmed, or taken back."""

from django.db import migrations

RULES = r"""
CREATE TRIGGER print AFTER INSERT OR UPDATE ON portal_approvals_attachment
  FOR EACH ROW WHEN (NEW.sha256 <> '')
  EXECUTE FUNCTION portal_audit_print('id', 'approval_id', 'sha256', 'uploaded_by_id', 'uploaded_at');
CREATE TRIGGER stay BEFORE UPDATE ON portal_approvals_attachment
  FOR EACH ROW WHEN (OLD.sha256 <> '' AND (((OLD.id, OLD.approval_id, OLD.sha256, OLD.uploaded_by_id,
    OLD.uploaded_at)
    IS DISTINCT FROM (NEW.id, NEW.approval_id, NEW.sha256, NEW.uploaded_by_id, NEW.uploaded_at)) OR
      (OLD.removed_at IS NOT NULL AND (OLD.removed_at IS DISTINCT FROM NEW.removed_at))))
  EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep BEFORE DELETE ON portal_approvals_attachment
  FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_approvals_attachment
  FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
SELECT portal_audit_keep_ended('portal_approvals_ruletable', 'closed_at', 'id', 'municipality_id', 'rows',
  'deputy_after', 'is_confirmed', 'proposed_by_id', 'proposed_at', 'closed_by_id', 'closed_at');
"""


class Migration(migrations.Migration):
    replaces = [("portal_approvals", "0017_steps_looked_for")]
    dependencies = [
        ("portal_approvals", "0001_tables"),
        ("portal_audit", "0002_rules"),
    ]
    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
