import django.db.models.deletion
from django.db import migrations, models

SQL = """
CREATE TRIGGER statistics_part_frozen BEFORE INSERT OR UPDATE OR DELETE ON reports_statistics_releasepart
  FOR EACH ROW EXECUTE FUNCTION statistics_table_frozen();
CREATE TRIGGER statistics_part_never_truncated BEFORE TRUNCATE ON reports_statistics_releasepart
  EXECUTE FUNCTION statistics_never_truncated();
"""
BACK = """
DROP TRIGGER statistics_part_never_truncated ON reports_statistics_releasepart;
DROP TRIGGER statistics_part_frozen ON reports_statistics_releasepart;
"""


class Migration(migrations.Migration):
    """Who stood behind a release is kept with it, and is never changed or removed."""

    dependencies = [("reports_statistics", "0004_limits_have_one_home")]
    operations = [
        migrations.CreateModel(
            name="ReleasePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("data", models.BinaryField()),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="reports_statistics.release",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "name"), name="statistics_part_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(SQL, BACK),
    ]
