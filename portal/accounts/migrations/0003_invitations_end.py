from django.db import migrations, models
from django.db.models import F
from django.utils import timezone


def told(apps, schema_editor):
    """Nobody is told now of what lapsed, or was taken back, before there was a mail about it."""
    rows = apps.get_model("portal_accounts", "Invitation").objects
    over = rows.filter(accepted_at=None, expires_at__lte=timezone.now())
    over.update(lapse_told_at=F("expires_at"))


class Migration(migrations.Migration):
    dependencies = [("portal_accounts", "0002_rules")]

    operations = [
        migrations.AddField("invitation", "taken_back_at", models.DateTimeField(null=True)),
        migrations.AddField("invitation", "lapse_told_at", models.DateTimeField(null=True)),
        migrations.RunPython(told, migrations.RunPython.noop),
    ]
