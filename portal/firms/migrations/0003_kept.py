"""What somebody claimed stays as it was said, and a claim that is decided as it was decided."""

from django.db import migrations

FORWARD = """
SELECT portal_audit_keep('portal_firms_firmclaim', 'id', 'organisation_id', 'person_id', 'matter', 'words', 'right_number',
  'made_at');
DROP TRIGGER stay ON portal_firms_firmclaim;
CREATE TRIGGER stay BEFORE UPDATE ON portal_firms_firmclaim FOR EACH ROW WHEN (OLD.outcome <> '' OR
  (OLD.id, OLD.organisation_id, OLD.person_id, OLD.matter, OLD.words, OLD.right_number, OLD.made_at)
  IS DISTINCT FROM
  (NEW.id, NEW.organisation_id, NEW.person_id, NEW.matter, NEW.words, NEW.right_number, NEW.made_at))
  EXECUTE FUNCTION portal_audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("portal_firms", "0002_earlier"), ("portal_audit", "0004_prints")]
    operations = [
        migrations.RunSQL(FORWARD, "SELECT portal_audit_let_go('portal_firms_firmclaim')")
    ]
