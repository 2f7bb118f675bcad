"""A table of grounds stays as it was confirmed, or taken back."""

from django.db import migrations

FORWARD = """
SELECT portal_audit_keep_ended('reports_disclosure_groundtable', 'closed_at', 'id', 'municipality_id', 'rows', 'starts_on',
  'is_confirmed', 'proposed_by_id', 'proposed_at', 'closed_by_id', 'closed_at');
"""


class Migration(migrations.Migration):
    dependencies = [("reports_disclosure", "0005_undecided"), ("portal_audit", "0007_keep_until_ended")]
    operations = [
        migrations.RunSQL(FORWARD, "SELECT portal_audit_let_go('reports_disclosure_groundtable')")
    ]
