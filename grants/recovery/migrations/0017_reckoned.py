"""What is left of each return on a day is kept (`grants.recovery.reckoned`), and forgotten by whatever
changes it. Whoever writes holds the return first: a night that reckons it at that moment ends before.
"""

import django.db.models.deletion
from django.db import migrations, models

# table → which column names the return
WRITTEN = {
    "grants_recovery_recovery": "id",
    "grants_recovery_moneyin": "recovery_id",
    "grants_recovery_instalment": "recovery_id",
    "grants_recovery_demand": "recovery_id",
}
FORGET = """
CREATE FUNCTION grants_recovery_forget() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before bigint := to_jsonb(OLD) ->> TG_ARGV[0];
  now bigint := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  PERFORM FROM grants_recovery_recovery WHERE id IN (before, now) ORDER BY id FOR SHARE;
  DELETE FROM grants_recovery_reckoned WHERE recovery_id IN (before, now);
  RETURN NULL;
END $$;
"""
FORWARD = FORGET + "".join(
    f"CREATE TRIGGER forget_reckoned AFTER INSERT OR UPDATE OR DELETE ON {table}\n"
    f"  FOR EACH ROW EXECUTE FUNCTION grants_recovery_forget('{column}');\n"
    for table, column in WRITTEN.items()
)
BACKWARD = "".join(f"DROP TRIGGER forget_reckoned ON {table};\n" for table in WRITTEN)
BACKWARD += "DROP FUNCTION grants_recovery_forget();"


class Migration(migrations.Migration):

    dependencies = [("grants_recovery", "0016_later_requests")]

    operations = [
        migrations.CreateModel(
            name="Reckoned",
            fields=[
                ("recovery", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="reckoned", serialize=False, to="grants_recovery.recovery")),
                ("on", models.DateField()),
                ("left", models.BigIntegerField()),
                ("next_due", models.DateField()),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
