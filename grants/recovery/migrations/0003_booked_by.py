"""Who booked what came back before decision 0123 does not confirm it either: the duty that has been noted
since is noted of the receipts before, at the moment when they were booked.
"""

from django.db import migrations

NOTE = """
INSERT INTO portal_workflow_duty (subject, person_id, duty, at)
SELECT 'moneyin:' || id, booked_by_id, 'book_receipt', booked_at FROM grants_recovery_moneyin
WHERE set_off_id IS NULL AND taken_back_at IS NULL ORDER BY id
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ("grants_recovery", "0002_rules"),
        ("portal_workflow", "0002_rules"),
    ]
    operations = [migrations.RunSQL(NOTE, migrations.RunSQL.noop)]
