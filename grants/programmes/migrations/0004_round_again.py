"""The number of a call that was cancelled before anybody saw it is free again: its code says which is in the way."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grants_programmes', '0003_paused'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='call',
            name='programmes_call_once',
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('programme', 'fiscal_year', 'round_no'), name='programmes_call_once'),
        ),
    ]
