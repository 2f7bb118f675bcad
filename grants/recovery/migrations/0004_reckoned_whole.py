"""What a return comes to on a day is kept in its parts, too. What was kept before says less, and is reckoned
anew: where it is asked for, or as the next day begins.
"""

from django.db import migrations, models

NEW = ("surcharge", "arrears", "fees", "paid")


class Migration(migrations.Migration):

    dependencies = [
        ("grants_recovery", "0003_booked_by"),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM grants_recovery_reckoned", migrations.RunSQL.noop),
        *(
            migrations.AddField(
                model_name="reckoned",
                name=name,
                field=models.BigIntegerField(default=0),
                preserve_default=False,
            )
            for name in NEW
        ),
    ]
