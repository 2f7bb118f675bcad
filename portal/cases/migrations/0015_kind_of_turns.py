"""A turn carries the kind of its case, too: what brings roll-outs before finance asks for it, and each
count of their inbox read all cases for it.
"""

from importlib import import_module

from django.db import migrations, models

before = import_module("portal.cases.migrations.0013_scope_of_turns")
COLUMNS = ("kind", *before.COLUMNS)
OWN = ", ".join(f"NEW.{column}" for column in COLUMNS)
NAMES = ", ".join(COLUMNS)

# the kind of a case never changes: nothing moves when it does
WRITTEN = f"""
CREATE OR REPLACE FUNCTION portal_cases_scope_of_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT {NAMES} INTO {OWN} FROM portal_cases_case WHERE id = NEW.case_id FOR SHARE;
  RETURN NEW;
END $$;
DROP TRIGGER scope ON portal_cases_turn;
CREATE TRIGGER scope BEFORE INSERT OR UPDATE OF case_id, {NAMES} ON portal_cases_turn
  FOR EACH ROW EXECUTE FUNCTION portal_cases_scope_of_turn();
UPDATE portal_cases_turn SET case_id = case_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
BACK = f"""
CREATE OR REPLACE FUNCTION portal_cases_scope_of_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT {before.NAMES} INTO {before.OWN} FROM portal_cases_case WHERE id = NEW.case_id FOR SHARE;
  RETURN NEW;
END $$;
DROP TRIGGER scope ON portal_cases_turn;
CREATE TRIGGER scope BEFORE INSERT OR UPDATE OF case_id, {before.NAMES} ON portal_cases_turn
  FOR EACH ROW EXECUTE FUNCTION portal_cases_scope_of_turn();
"""


class Migration(migrations.Migration):
    dependencies = [("portal_cases", "0014_lists_sorted")]

    operations = [
        migrations.AddField(
            "turn",
            "kind",
            models.CharField(default="", editable=False, max_length=20),
            preserve_default=False,
        ),
        migrations.RunSQL(WRITTEN, BACK),
    ]
