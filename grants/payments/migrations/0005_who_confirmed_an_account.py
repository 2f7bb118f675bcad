"""Who confirmed an account, and what they wrote of what was open; why it bears another name than its firm's.

Whoever confirmed one before has done so for the cases that it is paid to, as from now on: they order nothing
there. The record knows who it was.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WHO = """
UPDATE grants_payments_bankaccount a SET confirmed_by_id = e.actor_id
FROM portal_audit_event e
WHERE e.chain = 'organisation:' || a.organisation_id AND e.subject = 'bankaccount:' || a.id
    AND e.action = 'bankaccount.confirm' AND a.confirmed_by_id IS NULL
"""
FOR_WHICH = """
INSERT INTO portal_workflow_duty (subject, person_id, duty, at)
SELECT 'case:' || c.id, a.confirmed_by_id, 'confirm_account', coalesce(a.state_since, a.declared_at)
FROM grants_payments_bankaccount a JOIN portal_cases_case c ON c.organisation_id = a.organisation_id
WHERE a.state = 'confirmed' AND a.confirmed_by_id IS NOT NULL
    AND c.state = 'awarded' AND c.closed_at IS NULL
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("grants_payments", "0004_paid_by_case"),
        ("portal_audit", "0002_rules"),
        ("portal_cases", "0003_found_by_either_writing"),
        ("portal_workflow", "0002_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("bankaccount", "answers", models.JSONField(default=list)),
        migrations.AddField(
            "bankaccount",
            "confirmed_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "bankaccount", "explanation", models.CharField(blank=True, max_length=300)
        ),
        migrations.RunSQL([WHO, FOR_WHICH], migrations.RunSQL.noop),
    ]
