from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal_workflow', '0003_sent_forms'),
    ]

    operations = [
        migrations.AddField(
            model_name='sentform',
            name='page',
            field=models.CharField(default='', max_length=64),
            preserve_default=False,
        ),
    ]
