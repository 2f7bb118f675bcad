"""What a release tells never changes once it is published, and is never emptied."""

from django.db import migrations

RULES = r"""
CREATE FUNCTION statistics_table_frozen() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM reports_statistics_release r
             WHERE r.id IN (COALESCE(NEW.release_id, OLD.release_id), COALESCE(OLD.release_id, NEW.release_id)) AND
               r.state <> 'draft') THEN
    RAISE EXCEPTION 'the tables of a published release never change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END
$$;
CREATE FUNCTION statistics_release_frozen() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'draft' THEN
    RETURN COALESCE(NEW, OLD);
  END IF;
  IF TG_OP = 'DELETE' OR NEW.state = 'draft' OR (OLD.state = 'superseded' AND NEW.state <> 'superseded') OR
     (NEW.number, NEW.fiscal_year, NEW.n, NEW.note, NEW.as_of, NEW.code_version, NEW.parameters, NEW.row_counts,
       NEW.checks, NEW.faults,
      NEW.differences, NEW.sha256, NEW.drafted_by_id, NEW.published_at)
     IS DISTINCT FROM
     (OLD.number, OLD.fiscal_year, OLD.n, OLD.note, OLD.as_of, OLD.code_version, OLD.parameters, OLD.row_counts,
       OLD.checks, OLD.faults,
      OLD.differences, OLD.sha256, OLD.drafted_by_id, OLD.published_at) THEN
    RAISE EXCEPTION 'a published release never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE FUNCTION statistics_never_truncated() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'published statistics are never truncated' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER statistics_release_frozen BEFORE DELETE OR UPDATE ON reports_statistics_release
  FOR EACH ROW EXECUTE FUNCTION statistics_release_frozen();
CREATE TRIGGER statistics_release_never_truncated BEFORE TRUNCATE ON reports_statistics_release
  FOR EACH STATEMENT EXECUTE FUNCTION statistics_never_truncated();
CREATE TRIGGER statistics_part_frozen BEFORE INSERT OR DELETE OR UPDATE ON reports_statistics_releasepart
  FOR EACH ROW EXECUTE FUNCTION statistics_table_frozen();
CREATE TRIGGER statistics_part_never_truncated BEFORE TRUNCATE ON reports_statistics_releasepart
  FOR EACH STATEMENT EXECUTE FUNCTION statistics_never_truncated();
CREATE TRIGGER statistics_table_frozen BEFORE INSERT OR DELETE OR UPDATE ON reports_statistics_releasetable
  FOR EACH ROW EXECUTE FUNCTION statistics_table_frozen();
CREATE TRIGGER statistics_table_never_truncated BEFORE TRUNCATE ON reports_statistics_releasetable
  FOR EACH STATEMENT EXECUTE FUNCTION statistics_never_truncated();
"""
GONE = """
DROP FUNCTION statistics_never_truncated() CASCADE;
DROP FUNCTION statistics_release_frozen() CASCADE;
DROP FUNCTION statistics_table_frozen() CASCADE;
"""


class Migration(migrations.Migration):
    replaces = [("reports_statistics", "0005_parts")]
    dependencies = [
        ("reports_statistics", "0001_tables"),
    ]
    operations = [migrations.RunSQL(RULES, GONE)]
