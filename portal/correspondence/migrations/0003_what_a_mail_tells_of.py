"""A mail keeps which row it tells of; of those that were sent before nobody knows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal_correspondence", "0002_whom_a_mail_reached")]

    operations = [
        migrations.AddField(
            "mail", "subject_key", models.CharField(default="?", max_length=80)
        ),
        migrations.AlterField("mail", "subject_key", models.CharField(blank=True, max_length=80)),
    ]
