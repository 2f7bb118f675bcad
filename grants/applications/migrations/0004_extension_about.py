from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants_applications", "0003_section_shares")]

    operations = [
        migrations.AddField(
            "extensionrequest", "about", models.CharField(default="application", max_length=20)
        ),
        migrations.RemoveConstraint("extensionrequest", "applications_extension_open_once"),
        migrations.AddConstraint(
            "extensionrequest",
            models.UniqueConstraint(
                condition=models.Q(state="asked"),
                fields=("application", "about"),
                name="applications_extension_open_once",
            ),
        ),
    ]
