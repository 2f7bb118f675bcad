"""The last pause of a call's intake."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grants_programmes', '0002_what_lists_show'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='paused_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='call',
            name='paused_for',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='call',
            name='resumed_at',
            field=models.DateTimeField(null=True),
        ),
    ]
