"""歳入科目 of returns (地方自治法施行令 154条): printed with the rest of a sender from now on; what was printed before keeps its columns."""

from django.db import migrations, models

BEFORE = "'id', 'municipality_id', 'title', 'name', 'series', 'office', 'phone', 'how_to_pay', 'starts_on', 'is_confirmed', 'proposed_by_id', 'proposed_at', 'closed_by_id', 'closed_at'"
TRIGGER = """
DROP TRIGGER print ON portal_notices_letterhead;
CREATE TRIGGER print AFTER INSERT OR UPDATE ON portal_notices_letterhead FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL)
  EXECUTE FUNCTION portal_audit_print({});
"""


class Migration(migrations.Migration):
    dependencies = [("portal_notices", "0004_undrawn")]
    operations = [
        migrations.AddField("letterhead", "revenue_item", models.CharField(default="", max_length=120)),
        migrations.RunSQL(TRIGGER.format(BEFORE + ", 'revenue_item'"), TRIGGER.format(BEFORE)),
    ]
