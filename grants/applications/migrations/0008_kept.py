"""Submitted versions neither change nor go; their content can be erased, and its SHA-256 stays."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("grants_applications", "0007_first_filing_kept"), ("portal_audit", "0004_prints")]
    operations = [
        migrations.RunSQL(
            "SELECT portal_audit_keep('grants_applications_applicationversion', 'id', 'application_id',"
            "  'n', 'sha256', 'submitted_at', 'submitted_by_id')",
            "SELECT portal_audit_let_go('grants_applications_applicationversion')",
        )
    ]
