"""Readings and declared interests neither change nor go."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal_cases", "0007_readings"), ("portal_audit", "0004_prints")]
    operations = [
        migrations.RunSQL(
            "SELECT portal_audit_keep('portal_cases_reading', 'id', 'person_id', 'case_id', 'what', 'subject',"
            " 'at');"
            "SELECT portal_audit_keep('portal_cases_interest', 'id', 'person_id', 'case_id', 'declared_at')",
            "SELECT portal_audit_let_go('portal_cases_reading'); SELECT portal_audit_let_go('portal_cases_interest')",
        )
    ]
