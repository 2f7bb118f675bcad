"""Who is away, who stands in, and how the removal of a second factor ended stay as they were entered."""

from django.db import migrations

FORWARD = """
SELECT portal_audit_keep_begun('portal_accounts_absence', 'closed_at', 'id', 'person_id', 'starts_on', 'ends_on',
  'entered_by_id', 'entered_at');
SELECT portal_audit_keep_begun('portal_accounts_deputy', 'ended_at', 'id', 'person_id', 'role', 'n', 'stand_in_id',
  'named_by_id', 'named_at');
SELECT portal_audit_keep_ended('portal_accounts_factorremoval', 'closed_at', 'id', 'person_id', 'how', 'ground',
  'proposed_by_id', 'proposed_at', 'closed_by_id', 'closed_at', 'outcome');
"""
BACKWARD = """
SELECT portal_audit_let_go('portal_accounts_absence');
SELECT portal_audit_let_go('portal_accounts_deputy');
SELECT portal_audit_let_go('portal_accounts_factorremoval');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal_accounts", "0014_lost_factors"),
        ("portal_audit", "0007_keep_until_ended"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
