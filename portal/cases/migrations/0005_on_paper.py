from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal_cases", "0004_disposed")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="on_paper",
            field=models.BooleanField(default=False),
        ),
    ]
