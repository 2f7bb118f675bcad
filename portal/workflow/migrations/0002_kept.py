"""Duties neither change nor go."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal_workflow", "0001_initial"), ("portal_audit", "0004_prints")]
    operations = [
        migrations.RunSQL(
            "SELECT portal_audit_keep('portal_workflow_duty', 'id', 'subject', 'person_id', 'duty', 'at')",
            "SELECT portal_audit_let_go('portal_workflow_duty')",
        )
    ]
