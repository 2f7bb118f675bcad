"""An exception from the separation of duties stays as it was proposed; once it has ended, nothing of it changes."""

from django.db import migrations

FORWARD = """
SELECT portal_audit_keep_begun('portal_accounts_dutyexception', 'ended_at', 'id', 'municipality_id', 'pairs', 'ground',
  'starts_on', 'ends_on', 'proposed_by_id', 'proposed_at');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal_accounts", "0019_duty_exceptions"),
        ("portal_audit", "0007_keep_until_ended"),
    ]
    operations = [
        migrations.RunSQL(FORWARD, "SELECT portal_audit_let_go('portal_accounts_dutyexception')")
    ]
