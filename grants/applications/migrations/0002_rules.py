"""Submitted versions neither change nor go; their content can be erased, and its SHA-256 stays."""

from django.db import migrations

RULES = r"""
SELECT portal_audit_keep('grants_applications_applicationversion', 'id', 'application_id', 'n', 'sha256',
  'submitted_at', 'submitted_by_id');
"""


class Migration(migrations.Migration):
    replaces = [("grants_applications", "0013_partner_key")]
    dependencies = [
        ("grants_applications", "0001_tables"),
        ("portal_audit", "0002_rules"),
    ]
    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
