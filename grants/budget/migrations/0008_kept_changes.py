"""What one person proposed to book stays as it was proposed; its end is written once."""

from django.db import migrations

FORWARD = """
SELECT portal_audit_keep('grants_budget_budgetchange', 'id', 'line_id', 'kind', 'amount', 'note', 'proposed_by_id',
  'proposed_at');
"""


class Migration(migrations.Migration):
    dependencies = [("grants_budget", "0007_reduction"), ("portal_audit", "0004_prints")]
    operations = [
        migrations.RunSQL(FORWARD, "SELECT portal_audit_let_go('grants_budget_budgetchange')")
    ]
