from django.db import migrations, models

# the numbers that were said until now were those of the rows
SERIALS = """
UPDATE grants_recovery_recovery SET serial = id;
INSERT INTO portal_cases_numberseries (name, last)
SELECT 'recovery-' || date_part('year', ordered_on - interval '3 months'), max(id)
FROM grants_recovery_recovery GROUP BY 1
ON CONFLICT (name) DO NOTHING;
"""


class Migration(migrations.Migration):

    dependencies = [("grants_recovery", "0006_by_the_book"), ("portal_cases", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="recovery",
            name="serial",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(SERIALS, migrations.RunSQL.noop),
    ]
