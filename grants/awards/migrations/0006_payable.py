from django.db import migrations, models
from django.db.models.functions import Coalesce

# what was ended keeps nothing: until now every ending asked all back, or should have
PAYABLE = """
UPDATE grants_awards_award SET payable =
  CASE WHEN state IN ('withdrawn', 'abandoned', 'revoked', 'cancelled') THEN 0
       ELSE coalesce(fixed_amount, awarded_amount) END;
"""


class Migration(migrations.Migration):

    dependencies = [("grants_awards", "0005_assessed")]

    operations = [
        migrations.AddField(
            model_name="award",
            name="payable",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(PAYABLE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("payable__gte", 0),
                    ("payable__lte", Coalesce("fixed_amount", "awarded_amount")),
                ),
                name="awards_payable_within",
            ),
        ),
    ]
