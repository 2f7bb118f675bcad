"""Who of the office typed an account at the counter. Whoever typed one before has done so for the cases that it
is paid to: they order nothing there. The record knows who it was.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WHO = """
UPDATE grants_payments_bankaccount a SET typed_by_id = e.actor_id
FROM portal_audit_event e
WHERE e.chain = 'organisation:' || a.organisation_id AND e.subject = 'bankaccount:' || a.id
    AND e.action = 'bankaccount.begin' AND e.capacity IN ('counter', 'office')
"""
FOR_WHICH = """
INSERT INTO portal_workflow_duty (subject, person_id, duty, at)
SELECT 'case:' || c.id, a.typed_by_id, 'change_account', a.declared_at
FROM grants_payments_bankaccount a JOIN portal_cases_case c ON c.organisation_id = a.organisation_id
WHERE a.state IN ('declared', 'confirmed') AND a.typed_by_id IS NOT NULL
    AND c.state = 'awarded' AND c.closed_at IS NULL
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grants_payments", "0005_who_confirmed_an_account"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "bankaccount",
            "typed_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL([WHO, FOR_WHICH], migrations.RunSQL.noop),
    ]
