"""A table of rules stays as it was confirmed, or taken back."""

from django.db import migrations

FORWARD = """
SELECT portal_audit_keep_ended('portal_approvals_ruletable', 'closed_at', 'id', 'municipality_id', 'rows', 'deputy_after',
  'is_confirmed', 'proposed_by_id', 'proposed_at', 'closed_by_id', 'closed_at');
"""


class Migration(migrations.Migration):
    dependencies = [("portal_approvals", "0010_agree_together"), ("portal_audit", "0007_keep_until_ended")]
    operations = [
        migrations.RunSQL(FORWARD, "SELECT portal_audit_let_go('portal_approvals_ruletable')")
    ]
