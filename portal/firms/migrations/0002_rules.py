"""What somebody claimed stays as it was said, and a claim that is decided as it was decided; a letter as it was asked
for, a proposal that passes a firm as it was proposed, and how each ended."""

from django.db import migrations

RULES = r"""
CREATE TRIGGER keep BEFORE DELETE ON portal_firms_firmclaim
  FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_firms_firmclaim
  FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER print AFTER INSERT ON portal_firms_firmclaim
  FOR EACH ROW EXECUTE FUNCTION portal_audit_print('id', 'organisation_id', 'person_id', 'matter', 'words',
    'right_number', 'made_at', 'proposed');
CREATE TRIGGER stay BEFORE UPDATE ON portal_firms_firmclaim
  FOR EACH ROW WHEN (OLD.outcome <> '' OR ((OLD.id, OLD.organisation_id, OLD.person_id, OLD.matter, OLD.words,
    OLD.right_number, OLD.made_at, OLD.proposed)
    IS DISTINCT FROM (NEW.id, NEW.organisation_id, NEW.person_id, NEW.matter, NEW.words, NEW.right_number,
      NEW.made_at, NEW.proposed)))
  EXECUTE FUNCTION portal_audit_refuse();
SELECT portal_audit_keep_begun('portal_firms_passing', 'closed_at', 'id', 'claim_id', 'decision', 'role',
  'number', 'ground', 'answer_by', 'proposed_by_id', 'proposed_at');
SELECT portal_audit_keep_end('portal_firms_passing', 'closed_at', 'outcome', 'objection', 'closed_by_id',
  'closed_at');
SELECT portal_audit_keep_begun('portal_firms_proofletter', 'ended_at', 'id', 'organisation_id', 'person_id',
  'name', 'postal_code', 'address', 'asked_at', 'asked_by_id');
SELECT portal_audit_keep_end('portal_firms_proofletter', 'ended_at', 'code_hash', 'last_day', 'printed_at',
  'printed_by_id', 'posted_at', 'posted_by_id', 'tries', 'used_at', 'ended_at', 'dropped_by_id',
  'dropped_reason');
"""


class Migration(migrations.Migration):
    replaces = [("portal_firms", "0007_letters_of_factors")]
    dependencies = [
        ("portal_firms", "0001_tables"),
        ("portal_audit", "0002_rules"),
    ]
    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
