"""A selection is kept as it was at its first decision: neither its record nor its rows change or go; the facts of a
row can be erased with its case, and their SHA-256 stays."""

from django.db import migrations

RULES = r"""
SELECT portal_audit_keep('grants_reviews_selectedrow', 'id', 'record_id', 'application_id', 'n', 'sha256');
SELECT portal_audit_keep('grants_reviews_selectionrecord', 'id', 'call_id', 'frame', 'n', 'made_at',
  'decided_by_id', 'facts');
"""


class Migration(migrations.Migration):
    replaces = [("grants_reviews", "0005_selection_records")]
    dependencies = [
        ("grants_reviews", "0001_tables"),
        ("portal_audit", "0002_rules"),
    ]
    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
