"""A contact stops mails; what each wishes to hear; reminders after the day; mails that come back.

Mails of before have no envelope: what comes back of them is noticed no more than it was.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.correspondence.models


class Migration(migrations.Migration):

    dependencies = [
        ('portal_cases', '0002_rules'),
        ('portal_correspondence', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='mail',
            name='stopped_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='mailchoice',
            name='own',
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='days_left',
            field=models.SmallIntegerField(),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='subject',
            field=models.CharField(max_length=220),
        ),
        migrations.AddField(
            model_name='mail',
            name='answer',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name='mail',
            name='delayed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='mail',
            name='envelope',
            field=models.CharField(max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='mail',
            name='settled_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='mail',
            name='settled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mail',
            name='unreached_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='mail',
            name='state',
            field=models.CharField(choices=[('queued', '送信を待っています'), ('sent', '送りました'), ('failed', 'まだ送れていません（送り直しています）'), ('waiting', '朝のまとめを待っています'), ('gathered', '朝のまとめに入れました'), ('unreached', '届きませんでした')], default='queued', max_length=10),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('settled_at', None), ('state', 'unreached')), fields=['case'], name='correspondence_unreached'),
        ),
        migrations.AlterField(
            model_name='mail',
            name='envelope',
            field=models.CharField(default=portal.correspondence.models.new_envelope, max_length=32, null=True, unique=True),
        ),
    ]
