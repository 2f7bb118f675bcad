"""A selection is kept as it was at its first decision: neither its record nor its rows change or go; the facts of a row
can be erased with its case, and their SHA-256 stays."""

import django.db.models.deletion
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal_audit', '0004_prints'),
        ('grants_applications', '0008_kept'),
        ('grants_programmes', '0002_what_lists_show'),
        ('grants_reviews', '0004_kept_sheets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SelectionRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('frame', models.CharField(max_length=31)),
                ('n', models.PositiveSmallIntegerField()),
                ('made_at', models.DateTimeField(default=portal.clock.now)),
                ('facts', models.JSONField()),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='selection_records', to='grants_programmes.call')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['frame', 'n'],
            },
        ),
        migrations.CreateModel(
            name='SelectedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveIntegerField()),
                ('facts', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='selection_rows', to='grants_applications.application')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='grants_reviews.selectionrecord')),
            ],
            options={
                'ordering': ['n'],
            },
        ),
        migrations.AddConstraint(
            model_name='selectionrecord',
            constraint=models.UniqueConstraint(fields=('call', 'frame', 'n'), name='reviews_record_once'),
        ),
        migrations.AddConstraint(
            model_name='selectedrow',
            constraint=models.UniqueConstraint(fields=('record', 'application'), name='reviews_record_row_once'),
        ),
        migrations.RunSQL(
            "SELECT portal_audit_keep('grants_reviews_selectionrecord', 'id', 'call_id', 'frame', 'n', 'made_at',"
            " 'decided_by_id', 'facts');"
            "SELECT portal_audit_keep('grants_reviews_selectedrow', 'id', 'record_id', 'application_id', 'n', 'sha256')",
            "SELECT portal_audit_let_go('grants_reviews_selectionrecord');"
            "SELECT portal_audit_let_go('grants_reviews_selectedrow')",
        ),
    ]
