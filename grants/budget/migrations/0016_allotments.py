"""配当: what of a line was allotted is added up by a trigger of its own; the first allotment binds the line to it."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION grants_budget_allot() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE grants_budget_budgetline SET by_allotment = true,
    allotted = allotted + CASE WHEN NEW.kind = 'allotment' THEN NEW.amount ELSE -NEW.amount END
  WHERE id = NEW.line_id;
  RETURN NULL;
END $$;
CREATE TRIGGER allot AFTER INSERT ON grants_budget_budgetentry FOR EACH ROW
  WHEN (NEW.kind IN ('allotment', 'allotment_cut')) EXECUTE FUNCTION grants_budget_allot();
"""
BACKWARD = "DROP TRIGGER allot ON grants_budget_budgetentry; DROP FUNCTION grants_budget_allot();"


class Migration(migrations.Migration):

    dependencies = [
        ('grants_budget', '0015_debt_acts'),
        ('grants_programmes', '0005_changes'),
    ]

    operations = [
        migrations.AddField(
            model_name='budgetline',
            name='allotted',
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='by_allotment',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name='budgetchange',
            name='kind',
            field=models.CharField(choices=[('appropriation', '当初予算'), ('supplement', '補正（増）'), ('supplement_cut', '補正（減）'), ('transfer', '流用'), ('allotment', '配当'), ('allotment_cut', '配当の減'), ('carry_over', '繰越明許費による繰越'), ('accident', '事故繰越し'), ('carry_again', '繰り越したものの事故繰越し'), ('voted', '予算化')], max_length=14),
        ),
        migrations.AlterField(
            model_name='budgetentry',
            name='kind',
            field=models.CharField(choices=[('appropriation', 'appropriation'), ('reduction', 'reduction'), ('supplement', 'supplement'), ('supplement_cut', 'supplement_cut'), ('transfer', 'transfer'), ('voted', 'voted'), ('allotment', 'allotment'), ('allotment_cut', 'allotment_cut'), ('commitment', 'commitment'), ('decommitment', 'decommitment'), ('disbursement', 'disbursement'), ('reversal', 'reversal'), ('return', 'return'), ('return_undone', 'return_undone'), ('carry_over', 'carry_over'), ('accident', 'accident'), ('carry_again', 'carry_again')], max_length=14),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.CheckConstraint(condition=models.Q(('allotted__gte', 0), ('allotted__lte', models.F('appropriated'))), name='budget_allotted_within_budget'),
        ),
        migrations.AddConstraint(
            model_name='budgetline',
            constraint=models.CheckConstraint(condition=models.Q(('by_allotment', False), ('committed__lte', models.F('allotted')), _connector='OR'), name='budget_within_allotment'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
