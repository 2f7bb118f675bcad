"""What was put into circulation with a draft leaves its print then, and stays; that it is taken off later is written once."""

from django.db import migrations

COLUMNS = ("id", "approval_id", "sha256", "uploaded_by_id", "uploaded_at")
PRINTED = ", ".join(f"'{name}'" for name in COLUMNS)
WAS = ", ".join(f"OLD.{name}" for name in COLUMNS)
FORWARD = f"""
CREATE TRIGGER print AFTER INSERT OR UPDATE ON portal_approvals_attachment FOR EACH ROW WHEN (NEW.sha256 <> '')
  EXECUTE FUNCTION portal_audit_print({PRINTED});
CREATE TRIGGER stay BEFORE UPDATE ON portal_approvals_attachment FOR EACH ROW WHEN (OLD.sha256 <> '' AND (
  ({WAS}) IS DISTINCT FROM ({WAS.replace("OLD.", "NEW.")})
  OR OLD.removed_at IS NOT NULL AND OLD.removed_at IS DISTINCT FROM NEW.removed_at))
  EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep BEFORE DELETE ON portal_approvals_attachment FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_approvals_attachment EXECUTE FUNCTION portal_audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("portal_approvals", "0012_attachments"), ("portal_audit", "0007_keep_until_ended")]
    operations = [
        migrations.RunSQL(FORWARD, "SELECT portal_audit_let_go('portal_approvals_attachment')")
    ]
