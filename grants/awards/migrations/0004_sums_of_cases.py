from django.db import migrations

# what cases repeat from now on: what was applied for, and what was decided
SUMS = """
UPDATE portal_cases_case c SET applied_amount = a.requested_amount
FROM grants_applications_application a
WHERE a.case_id = c.id AND c.kind = 'application' AND c.amount IS NOT NULL;
UPDATE portal_cases_case c SET awarded_amount = w.awarded_amount
FROM grants_awards_award w
WHERE w.case_id = c.id AND c.kind = 'application' AND c.amount IS NOT NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grants_applications', '0009_filed_under'),
        ('grants_awards', '0003_changes'),
        ('portal_cases', '0012_lists_at_size'),
    ]

    operations = [migrations.RunSQL(SUMS, migrations.RunSQL.noop)]
