"""A sender stays as it was confirmed, or taken back."""

from django.db import migrations

FORWARD = """
SELECT portal_audit_keep_ended('portal_notices_letterhead', 'closed_at', 'id', 'municipality_id', 'title', 'name', 'series',
  'office', 'phone', 'how_to_pay', 'starts_on', 'is_confirmed', 'proposed_by_id', 'proposed_at', 'closed_by_id', 'closed_at');
"""


class Migration(migrations.Migration):
    dependencies = [("portal_notices", "0002_letterhead"), ("portal_audit", "0007_keep_until_ended")]
    operations = [
        migrations.RunSQL(FORWARD, "SELECT portal_audit_let_go('portal_notices_letterhead')")
    ]
