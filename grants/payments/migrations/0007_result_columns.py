from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def by_the_settings(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What was taken in so far was read by the columns of the settings."""
    imports = apps.get_model("grants_payments", "ResultImport")
    imports.objects.update(columns=settings.TRANSFER_RESULT_COLUMNS)


class Migration(migrations.Migration):
    dependencies = [
        ("grants_payments", "0006_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="resultimport",
            name="columns",
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(by_the_settings, migrations.RunPython.noop),
    ]
