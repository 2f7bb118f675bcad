"""予算科目 are proposed by one person and confirmed by another."""

import django.db.models.deletion
import portal.clock
from django.conf import settings
from django.db import migrations, models

KEPT = """
SELECT portal_audit_keep('grants_budget_classificationproposal', 'id', 'line_id', 'whole_call',
  'chapter_code', 'chapter_title', 'section_code', 'section_title', 'item_code', 'item_title',
  'activity_code', 'activity_title', 'expense_code', 'expense_title', 'proposed_by_id', 'proposed_at');
"""
NOT_KEPT = "SELECT portal_audit_let_go('grants_budget_classificationproposal')"


class Migration(migrations.Migration):

    dependencies = [
        ('grants_budget', '0016_allotments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClassificationProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposed_at', models.DateTimeField(default=portal.clock.now)),
                ('closed_at', models.DateTimeField(null=True)),
                ('chapter_code', models.CharField(blank=True, max_length=6)),
                ('chapter_title', models.CharField(blank=True, max_length=40)),
                ('section_code', models.CharField(blank=True, max_length=6)),
                ('section_title', models.CharField(blank=True, max_length=40)),
                ('item_code', models.CharField(blank=True, max_length=6)),
                ('item_title', models.CharField(blank=True, max_length=40)),
                ('activity_code', models.CharField(blank=True, max_length=6)),
                ('activity_title', models.CharField(blank=True, max_length=40)),
                ('expense_code', models.CharField(blank=True, max_length=6)),
                ('expense_title', models.CharField(blank=True, max_length=40)),
                ('whole_call', models.BooleanField(default=False)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classifications', to='grants_budget.budgetline')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(models.Q(('activity_code', ''), ('activity_title', ''), ('chapter_code', ''), ('chapter_title', ''), ('expense_code', ''), ('expense_title', ''), ('item_code', ''), ('item_title', ''), ('section_code', ''), ('section_title', '')), models.Q(models.Q(('chapter_code', ''), _negated=True), models.Q(('chapter_title', ''), _negated=True), models.Q(('section_code', ''), _negated=True), models.Q(('section_title', ''), _negated=True), models.Q(('item_code', ''), _negated=True), models.Q(('item_title', ''), _negated=True), models.Q(('expense_code', ''), _negated=True), models.Q(('expense_title', ''), _negated=True), models.Q(models.Q(('activity_code', ''), ('activity_title', '')), models.Q(('activity_code', ''), ('activity_title', ''), _connector='OR', _negated=True), _connector='OR')), _connector='OR'), models.Q(('chapter_code', ''), _negated=True)), name='budget_proposed_wholly'), models.CheckConstraint(condition=models.Q(('confirmed_at', None), models.Q(('closed_at__isnull', False), models.Q(('closed_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='budget_classification_four_eyes')],
            },
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
