"""A sender stays as it was confirmed, or taken back."""

from django.db import migrations

RULES = r"""
SELECT portal_audit_keep_ended('portal_notices_letterhead', 'closed_at', 'id', 'municipality_id', 'title',
  'name', 'series', 'office', 'phone', 'how_to_pay', 'starts_on', 'is_confirmed', 'proposed_by_id',
  'proposed_at', 'closed_by_id', 'closed_at', 'revenue_item');
"""


class Migration(migrations.Migration):
    replaces = [("portal_notices", "0005_revenue_item")]
    dependencies = [
        ("portal_notices", "0001_tables"),
        ("portal_audit", "0002_rules"),
    ]
    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
