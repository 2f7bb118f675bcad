"""A turn carries what was decided in its case, too: what brings awarded cases before who inspects and pays
asks for it, and each count of their inbox gathered all awards for it.
"""

from importlib import import_module

from django.db import migrations, models

before = import_module("portal.cases.migrations.0015_kind_of_turns")
COLUMNS = ("awarded_amount", *before.COLUMNS)

WRITTEN = """
CREATE OR REPLACE FUNCTION portal_cases_scope_of_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT {names} INTO {own} FROM portal_cases_case WHERE id = NEW.case_id FOR SHARE;
  RETURN NEW;
END $$;
DROP TRIGGER scope ON portal_cases_turn;
CREATE TRIGGER scope BEFORE INSERT OR UPDATE OF case_id, {names} ON portal_cases_turn
  FOR EACH ROW EXECUTE FUNCTION portal_cases_scope_of_turn();
DROP TRIGGER scope ON portal_cases_case;
CREATE TRIGGER scope AFTER UPDATE OF {names} ON portal_cases_case
  FOR EACH ROW WHEN (({olds}) IS DISTINCT FROM ({own})) EXECUTE FUNCTION portal_cases_scope_moved();
"""


def _written(columns):
    return WRITTEN.format(
        names=", ".join(columns),
        own=", ".join(f"NEW.{column}" for column in columns),
        olds=", ".join(f"OLD.{column}" for column in columns),
    )


FILLED = """
UPDATE portal_cases_turn SET case_id = case_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("portal_cases", "0020_ended_as")]

    operations = [
        migrations.AddField(
            "turn", "awarded_amount", models.BigIntegerField(editable=False, null=True)
        ),
        migrations.RunSQL(_written(COLUMNS) + FILLED, _written(before.COLUMNS)),
    ]
