from django.db import migrations, models
from django.db.migrations.state import StateApps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F
from django.db.models.functions import Least


def stored_so_far(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What was stored had been checked before it was; its images were drawn up to the fiftieth page."""
    files = apps.get_model("portal_documents", "StoredFile").objects
    files.update(sent_sha256=F("sha256"), checked_at=F("stored_at"))
    files.filter(pictured_at__isnull=False, pages__isnull=False).update(
        pictures=Least(F("pages"), 50)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('portal_documents', '0003_internal'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedfile',
            name='checked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='pictures',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='refusal',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='sent_sha256',
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(stored_so_far, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(('refusal', ''), ('checked_at__isnull', False), _connector='OR'), name='documents_refused_by_a_check'),
        ),
    ]
