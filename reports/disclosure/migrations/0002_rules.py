"""A table of grounds stays as it was confirmed, or taken back."""

from django.db import migrations

RULES = r"""
SELECT portal_audit_keep_ended('reports_disclosure_groundtable', 'closed_at', 'id', 'municipality_id', 'rows',
  'starts_on', 'is_confirmed', 'proposed_by_id', 'proposed_at', 'closed_by_id', 'closed_at');
"""


class Migration(migrations.Migration):
    replaces = [("reports_disclosure", "0006_kept_grounds")]
    dependencies = [
        ("reports_disclosure", "0001_tables"),
        ("portal_audit", "0002_rules"),
    ]
    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
