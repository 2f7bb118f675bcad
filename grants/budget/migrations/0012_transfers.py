"""補正 up and down, and 流用: one entry of two lines, which moves both. What is planned for a line is added up by a
trigger of its own, beside that of what cases take; new columns are printed with what comes from now on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION grants_budget_plan() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE grants_budget_budgetline SET appropriated = appropriated
    + CASE WHEN NEW.kind = 'supplement' OR id = NEW.to_id THEN NEW.amount ELSE -NEW.amount END
  WHERE id IN (NEW.line_id, NEW.to_id);
  RETURN NULL;
END $$;
CREATE TRIGGER plan AFTER INSERT ON grants_budget_budgetentry FOR EACH ROW
  WHEN (NEW.kind IN ('supplement', 'supplement_cut', 'transfer')) EXECUTE FUNCTION grants_budget_plan();
""" + "".join(
    f"""
DROP TRIGGER print ON {table}; DROP TRIGGER stay ON {table};
CREATE TRIGGER print AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION portal_audit_print({columns});
CREATE TRIGGER stay BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION portal_audit_stay({columns});
"""
    for table, columns in (
        (
            "grants_budget_budgetentry",
            "'id', 'line_id', 'kind', 'amount', 'case_id', 'note', 'booked_at', 'booked_by_id', 'to_id'",
        ),
        (
            "grants_budget_budgetchange",
            "'id', 'line_id', 'kind', 'amount', 'note', 'proposed_by_id', 'proposed_at', 'case_id', 'to_id', 'permit'",
        ),
    )
)
BACKWARD = "DROP TRIGGER plan ON grants_budget_budgetentry; DROP FUNCTION grants_budget_plan();"


class Migration(migrations.Migration):

    dependencies = [
        ('grants_budget', '0011_classification'),
        ('portal_cases', '0014_lists_sorted'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='budgetchange',
            name='permit',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='budgetchange',
            name='to',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers_to', to='grants_budget.budgetline'),
        ),
        migrations.AddField(
            model_name='budgetentry',
            name='to',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='received', to='grants_budget.budgetline'),
        ),
        migrations.AlterField(
            model_name='budgetchange',
            name='kind',
            field=models.CharField(choices=[('appropriation', '当初予算'), ('supplement', '補正（増）'), ('supplement_cut', '補正（減）'), ('transfer', '流用'), ('carry_over', '繰越')], max_length=14),
        ),
        migrations.AlterField(
            model_name='budgetentry',
            name='kind',
            field=models.CharField(choices=[('appropriation', 'appropriation'), ('commitment', 'commitment'), ('decommitment', 'decommitment'), ('disbursement', 'disbursement'), ('return', 'return'), ('carry_over', 'carry_over'), ('reversal', 'reversal'), ('reduction', 'reduction'), ('return_undone', 'return_undone'), ('supplement', 'supplement'), ('supplement_cut', 'supplement_cut'), ('transfer', 'transfer')], max_length=14),
        ),
        migrations.AddConstraint(
            model_name='budgetentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'transfer'), ('to__isnull', False), models.Q(('to', models.F('line')), _negated=True)), models.Q(models.Q(('kind', 'transfer'), _negated=True), ('to', None)), _connector='OR'), name='budget_transfer_has_two_legs'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
