from django.db import migrations, models

# of what was ordered until now, the part that was not paid is not known any more
LOWERED = """
UPDATE grants_recovery_recovery SET lowered = principal WHERE ground IN ('partly', 'disposal', 'vat');
"""


class Migration(migrations.Migration):

    dependencies = [("grants_recovery", "0007_serial")]

    operations = [
        migrations.AddField(
            model_name="recovery",
            name="lowered",
            field=models.BigIntegerField(default=0),
        ),
        migrations.RunSQL(LOWERED, migrations.RunSQL.noop),
    ]
