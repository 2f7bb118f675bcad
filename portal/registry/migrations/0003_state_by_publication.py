"""What orders the rows of one corporation: the day of publication, the mark of the latest, the process.

A state stored before knows no day of publication; it was published on the day of its change at the earliest, so any file with
a later row of the corporation settles it.
"""

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal_registry", "0002_english_names")]

    operations = [
        migrations.AddField("corporation", "latest", models.BooleanField(default=False)),
        migrations.AddField("corporation", "process", models.CharField(blank=True, default="", max_length=2), preserve_default=False),
        migrations.AddField("corporation", "updated_on", models.DateField(default=datetime.date(2015, 10, 5))),
        migrations.RunSQL(
            "UPDATE portal_registry_corporation SET updated_on = changed_on WHERE changed_on > updated_on",
            migrations.RunSQL.noop,
        ),
    ]
