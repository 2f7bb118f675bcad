"""A submission is written anew before its deadline: since when, when it came, its place, and what was
typed when it was handed in last.
"""

from django.db import migrations, models
from django.db.models import F


def fill(apps, _editor):
    sections = apps.get_model("grants_applications", "Section").objects
    handed_in = sections.exclude(application__state__in=["draft", "returned"])
    handed_in.update(handed_in=F("data"))



class Migration(migrations.Migration):

    dependencies = [
        ('grants_applications', '0004_extension_about'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='amended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='application',
            name='amending_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='application',
            name='queued_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='section',
            name='handed_in',
            field=models.JSONField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
