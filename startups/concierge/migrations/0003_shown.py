from django.db import migrations, models
from django.db.models import F


def answered_ones_were_looked_at(apps, _editor):
    consultations = apps.get_model("startups_concierge", "Consultation").objects
    consultations.filter(is_public=True).exclude(state="asked").update(shown_at=F("asked_at"))


class Migration(migrations.Migration):
    dependencies = [("startups_concierge", "0002_offers")]
    operations = [
        migrations.AddField("consultation", "shown_at", models.DateTimeField(null=True)),
        migrations.RunPython(answered_ones_were_looked_at, migrations.RunPython.noop),
    ]
