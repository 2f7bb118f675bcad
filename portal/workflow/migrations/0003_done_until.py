"""The day of which daily work was done last; empty, so that an upgrade makes nothing up for anybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal_workflow", "0002_rules")]

    operations = [
        migrations.CreateModel(
            "DoneUntil",
            [
                ("work", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("day", models.DateField()),
            ],
        ),
    ]
