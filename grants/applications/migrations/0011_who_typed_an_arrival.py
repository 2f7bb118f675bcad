"""Why a paper was typed days after it came; who typed its arrival is kept from accepting it, also of what was
typed before: the record knows who it was.
"""

from django.db import migrations, models

TYPED_BY = """
INSERT INTO portal_workflow_duty (subject, person_id, duty, at)
SELECT 'case:' || a.case_id, e.actor_id, 'state_arrival', e.at
FROM grants_applications_application a
JOIN portal_audit_event e ON e.chain = 'case:' || a.case_id AND e.subject = 'application:' || a.id
    AND e.action = 'application.begin'
WHERE a.paper_received_at IS NOT NULL AND e.actor_id IS NOT NULL
    AND a.state IN ('draft', 'submitted', 'returned')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grants_applications", "0010_draft_ends"),
        ("portal_audit", "0002_rules"),
        ("portal_workflow", "0002_rules"),
    ]

    operations = [
        migrations.AddField(
            "application", "paper_late_reason", models.CharField(blank=True, max_length=300)
        ),
        migrations.RunSQL(TYPED_BY, migrations.RunSQL.noop),
    ]
