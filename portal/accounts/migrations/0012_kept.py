"""The role that one administrator proposed stays as it was proposed; its end is written once."""

from django.db import migrations

FORWARD = """
SELECT portal_audit_keep('portal_accounts_roleproposal', 'id', 'person_id', 'role', 'programme_code', 'municipality_id',
  'assigned_only', 'starts_on', 'ends_on', 'takes_from_id', 'proposed_by_id', 'proposed_at');
"""


class Migration(migrations.Migration):
    dependencies = [("portal_accounts", "0011_absences"), ("portal_audit", "0004_prints")]
    operations = [
        migrations.RunSQL(FORWARD, "SELECT portal_audit_let_go('portal_accounts_roleproposal')")
    ]
