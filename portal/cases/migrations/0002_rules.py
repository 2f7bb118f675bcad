"""Readings and declared interests neither change nor go. What the inbox asks of a turn's case is copied to the
turn, by the database alone: when a turn is written, and whenever the case says otherwise. Turns and open cases are
counted as they are written: each statement adds the difference that it made (`portal.cases.tallies`), in rows of their
own, since many people at once would wait for one counter."""

from django.db import migrations

RULES = r"""
CREATE FUNCTION portal_cases_scope_of_turn() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  SELECT awarded_amount, kind, programme_code, municipality_codes, organisation_id, assigned_to_id, is_draft INTO
    NEW.awarded_amount, NEW.kind, NEW.programme_code, NEW.municipality_codes, NEW.organisation_id,
    NEW.assigned_to_id, NEW.is_draft FROM portal_cases_case WHERE id = NEW.case_id FOR SHARE;
  RETURN NEW;
END
$$;
CREATE FUNCTION portal_cases_scope_moved() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  UPDATE portal_cases_turn SET case_id = case_id WHERE case_id = NEW.id;
  RETURN NULL;
END
$$;
CREATE FUNCTION portal_cases_turn_tally_insert() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO portal_cases_tally (programme_code, municipality_codes, assigned_to, side, what, person, due_on,
    difference)
  SELECT programme_code, municipality_codes, assigned_to, side, what, person, due_on, sum(n) FROM (SELECT
    programme_code, municipality_codes, assigned_to_id, side, what, person_id, due_on, 1 FROM new_rows WHERE NOT
    is_draft) AS rows (programme_code, municipality_codes, assigned_to, side, what, person, due_on, n) GROUP BY
    programme_code, municipality_codes, assigned_to, side, what, person, due_on HAVING sum(n) <> 0;
  RETURN NULL;
END
$$;
CREATE FUNCTION portal_cases_turn_tally_delete() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO portal_cases_tally (programme_code, municipality_codes, assigned_to, side, what, person, due_on,
    difference)
  SELECT programme_code, municipality_codes, assigned_to, side, what, person, due_on, sum(n) FROM (SELECT
    programme_code, municipality_codes, assigned_to_id, side, what, person_id, due_on, -1 FROM old_rows WHERE NOT
    is_draft) AS rows (programme_code, municipality_codes, assigned_to, side, what, person, due_on, n) GROUP BY
    programme_code, municipality_codes, assigned_to, side, what, person, due_on HAVING sum(n) <> 0;
  RETURN NULL;
END
$$;
CREATE FUNCTION portal_cases_turn_tally_update() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO portal_cases_tally (programme_code, municipality_codes, assigned_to, side, what, person, due_on,
    difference)
  SELECT programme_code, municipality_codes, assigned_to, side, what, person, due_on, sum(n) FROM (SELECT
    programme_code, municipality_codes, assigned_to_id, side, what, person_id, due_on, 1 FROM new_rows WHERE NOT
    is_draft UNION ALL SELECT programme_code, municipality_codes, assigned_to_id, side, what, person_id, due_on, -1
    FROM old_rows WHERE NOT is_draft) AS rows (programme_code, municipality_codes, assigned_to, side, what, person,
    due_on, n) GROUP BY programme_code, municipality_codes, assigned_to, side, what, person, due_on HAVING sum(n)
    <> 0;
  RETURN NULL;
END
$$;
CREATE FUNCTION portal_cases_case_tally_insert() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO portal_cases_tally (programme_code, municipality_codes, assigned_to, side, what, person, due_on,
    difference)
  SELECT programme_code, municipality_codes, assigned_to, side, what, person, due_on, sum(n) FROM (SELECT
    programme_code, municipality_codes, assigned_to_id, '', '', NULL::bigint, NULL::date, 1 FROM new_rows WHERE NOT
    is_draft AND closed_at IS NULL AND disposed_on IS NULL) AS rows (programme_code, municipality_codes,
    assigned_to, side, what, person, due_on, n) GROUP BY programme_code, municipality_codes, assigned_to, side,
    what, person, due_on HAVING sum(n) <> 0;
  RETURN NULL;
END
$$;
CREATE FUNCTION portal_cases_case_tally_delete() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO portal_cases_tally (programme_code, municipality_codes, assigned_to, side, what, person, due_on,
    difference)
  SELECT programme_code, municipality_codes, assigned_to, side, what, person, due_on, sum(n) FROM (SELECT
    programme_code, municipality_codes, assigned_to_id, '', '', NULL::bigint, NULL::date, -1 FROM old_rows WHERE
    NOT is_draft AND closed_at IS NULL AND disposed_on IS NULL) AS rows (programme_code, municipality_codes,
    assigned_to, side, what, person, due_on, n) GROUP BY programme_code, municipality_codes, assigned_to, side,
    what, person, due_on HAVING sum(n) <> 0;
  RETURN NULL;
END
$$;
CREATE FUNCTION portal_cases_case_tally_update() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO portal_cases_tally (programme_code, municipality_codes, assigned_to, side, what, person, due_on,
    difference)
  SELECT programme_code, municipality_codes, assigned_to, side, what, person, due_on, sum(n) FROM (SELECT
    programme_code, municipality_codes, assigned_to_id, '', '', NULL::bigint, NULL::date, 1 FROM new_rows WHERE NOT
    is_draft AND closed_at IS NULL AND disposed_on IS NULL UNION ALL SELECT programme_code, municipality_codes,
    assigned_to_id, '', '', NULL::bigint, NULL::date, -1 FROM old_rows WHERE NOT is_draft AND closed_at IS NULL AND
    disposed_on IS NULL) AS rows (programme_code, municipality_codes, assigned_to, side, what, person, due_on, n)
    GROUP BY programme_code, municipality_codes, assigned_to, side, what, person, due_on HAVING sum(n) <> 0;
  RETURN NULL;
END
$$;
CREATE TRIGGER tally_insert AFTER INSERT ON portal_cases_case REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION portal_cases_case_tally_insert();
CREATE TRIGGER tally_delete AFTER DELETE ON portal_cases_case REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION portal_cases_case_tally_delete();
CREATE TRIGGER tally_update AFTER UPDATE ON portal_cases_case REFERENCING OLD TABLE AS old_rows NEW TABLE AS
  new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION portal_cases_case_tally_update();
CREATE TRIGGER scope AFTER UPDATE OF awarded_amount, kind, programme_code, municipality_codes, organisation_id,
  assigned_to_id, is_draft ON portal_cases_case
  FOR EACH ROW WHEN ((OLD.awarded_amount, OLD.kind, OLD.programme_code, OLD.municipality_codes,
    OLD.organisation_id, OLD.assigned_to_id, OLD.is_draft)
    IS DISTINCT FROM (NEW.awarded_amount, NEW.kind, NEW.programme_code, NEW.municipality_codes,
      NEW.organisation_id, NEW.assigned_to_id, NEW.is_draft))
  EXECUTE FUNCTION portal_cases_scope_moved();
SELECT portal_audit_keep('portal_cases_interest', 'id', 'person_id', 'case_id', 'declared_at');
SELECT portal_audit_keep('portal_cases_reading', 'id', 'person_id', 'case_id', 'what', 'subject', 'at');
CREATE TRIGGER tally_insert AFTER INSERT ON portal_cases_turn REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION portal_cases_turn_tally_insert();
CREATE TRIGGER tally_delete AFTER DELETE ON portal_cases_turn REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION portal_cases_turn_tally_delete();
CREATE TRIGGER tally_update AFTER UPDATE ON portal_cases_turn REFERENCING OLD TABLE AS old_rows NEW TABLE AS
  new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION portal_cases_turn_tally_update();
CREATE TRIGGER scope BEFORE INSERT OR UPDATE OF case_id, awarded_amount, kind, programme_code,
  municipality_codes, organisation_id, assigned_to_id, is_draft ON portal_cases_turn
  FOR EACH ROW EXECUTE FUNCTION portal_cases_scope_of_turn();
"""
GONE = """
DROP FUNCTION portal_cases_case_tally_update() CASCADE;
DROP FUNCTION portal_cases_case_tally_delete() CASCADE;
DROP FUNCTION portal_cases_case_tally_insert() CASCADE;
DROP FUNCTION portal_cases_turn_tally_update() CASCADE;
DROP FUNCTION portal_cases_turn_tally_delete() CASCADE;
DROP FUNCTION portal_cases_turn_tally_insert() CASCADE;
DROP FUNCTION portal_cases_scope_moved() CASCADE;
DROP FUNCTION portal_cases_scope_of_turn() CASCADE;
"""


class Migration(migrations.Migration):
    replaces = [("portal_cases", "0021_awarded_turns")]
    dependencies = [
        ("portal_cases", "0001_tables"),
        ("portal_audit", "0002_rules"),
    ]
    operations = [migrations.RunSQL(RULES, GONE)]
