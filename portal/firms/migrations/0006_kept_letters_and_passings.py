"""A letter stays as it was asked for, and a proposal that passes a firm as it was proposed; how each ended, too."""

from django.db import migrations

FORWARD = """
SELECT portal_audit_keep_begun('portal_firms_proofletter', 'ended_at', 'id', 'organisation_id', 'person_id', 'name',
  'postal_code', 'address', 'asked_at');
SELECT portal_audit_keep_end('portal_firms_proofletter', 'ended_at', 'code_hash', 'last_day', 'printed_at', 'printed_by_id',
  'posted_at', 'posted_by_id', 'tries', 'used_at', 'ended_at');
SELECT portal_audit_keep_begun('portal_firms_passing', 'closed_at', 'id', 'claim_id', 'decision', 'role', 'number', 'ground',
  'answer_by', 'proposed_by_id', 'proposed_at');
SELECT portal_audit_keep_end('portal_firms_passing', 'closed_at', 'outcome', 'objection', 'closed_by_id', 'closed_at');
"""
BACKWARD = """
DROP TRIGGER print_end ON portal_firms_proofletter; SELECT portal_audit_let_go('portal_firms_proofletter');
DROP TRIGGER print_end ON portal_firms_passing; SELECT portal_audit_let_go('portal_firms_passing');
"""


class Migration(migrations.Migration):
    dependencies = [("portal_firms", "0005_passing"), ("portal_audit", "0008_prints_of_ends")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
