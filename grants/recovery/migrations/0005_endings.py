from django.db import migrations, models

NO_FAULT = ["surplus", "circumstances", "abandoned", "withdrawn", "disposal", "vat"]
# what was ordered back beside an ending had lowered what the recipient may have
LOWERED = """
UPDATE grants_awards_award a SET payable = greatest(a.payable - r.sum, 0)
FROM (SELECT award_id, sum(principal) AS sum FROM grants_recovery_recovery
      WHERE ground IN ('partly', 'disposal', 'vat') AND state <> 'cancelled' GROUP BY award_id) r
WHERE r.award_id = a.id;
"""


class Migration(migrations.Migration):

    dependencies = [("grants_recovery", "0004_taken_back"), ("grants_awards", "0006_payable")]

    operations = [
        migrations.RemoveConstraint(model_name="recovery", name="recovery_no_fault_no_surcharge"),
        migrations.AlterField(
            model_name="recovery",
            name="ground",
            field=models.CharField(
                choices=[
                    ("revoked", "交付決定の取消し"),
                    ("partly", "交付決定の一部の取消し"),
                    ("circumstances", "事情の変更"),
                    ("abandoned", "補助事業の廃止"),
                    ("withdrawn", "申請の取下げ"),
                    ("surplus", "受け取れる額を超えた支払い"),
                    ("disposal", "財産の処分"),
                    ("vat", "消費税仕入控除税額の確定"),
                ],
                max_length=14,
            ),
        ),
        migrations.AddConstraint(
            model_name="recovery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground__in", NO_FAULT), _negated=True),
                    ("with_surcharge", False),
                    _connector="OR",
                ),
                name="recovery_no_fault_no_surcharge",
            ),
        ),
        migrations.RunSQL(LOWERED, migrations.RunSQL.noop),
    ]
