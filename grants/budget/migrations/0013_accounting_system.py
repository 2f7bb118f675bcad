"""Layouts of the accounting systems' CSV, and their answers, which are kept as they came."""

import django.db.models.deletion
import portal.clock
from django.conf import settings
from django.db import migrations, models

KEEP = """
SELECT portal_audit_keep('grants_budget_accountinganswer', 'id', 'entry_id', 'status', 'voucher', 'day', 'reason', 'read_at',
  'read_by_id');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grants_budget', '0012_transfers'),
        ('portal_audit', '0004_prints'),
        ('portal_registry', '0003_state_by_publication'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(max_length=40)),
                ('voucher', models.CharField(blank=True, max_length=40)),
                ('day', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('read_at', models.DateTimeField(default=portal.clock.now)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='grants_budget.budgetentry')),
                ('read_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='AccountingLayout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('out', '会計システムへ渡すCSV'), ('in', '会計システムから受け取るCSV')], max_length=3)),
                ('encoding', models.CharField(choices=[('utf-8-sig', 'UTF-8（Excelで開けるしるし付き）'), ('utf-8', 'UTF-8'), ('cp932', 'Shift_JIS (CP932)')], max_length=9)),
                ('columns', models.JSONField()),
                ('changed_at', models.DateTimeField(default=portal.clock.now)),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal_registry.municipality')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('municipality', 'way'), name='budget_layout_once')],
            },
        ),
        migrations.RunSQL(KEEP, "SELECT portal_audit_let_go('grants_budget_accountinganswer')"),
    ]
