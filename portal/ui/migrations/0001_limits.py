from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Use",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("who", models.CharField(max_length=64)),
                ("what", models.CharField(max_length=20)),
                ("until", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["until"], name="ui_use_until")],
                "constraints": [
                    models.UniqueConstraint(fields=("who", "what", "until"), name="ui_use_once")
                ],
            },
        ),
    ]
