"""Duties neither change nor go."""

from django.db import migrations

RULES = r"""
SELECT portal_audit_keep('portal_workflow_duty', 'id', 'subject', 'person_id', 'duty', 'at');
"""


class Migration(migrations.Migration):
    replaces = [("portal_workflow", "0005_duties_of_person")]
    dependencies = [
        ("portal_workflow", "0001_tables"),
        ("portal_audit", "0002_rules"),
    ]
    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
