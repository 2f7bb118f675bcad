"""Rows that live and then end: `ended` is the column that says when. Of some, what they say counts from the first day
(portal_audit_keep_begun: printed as they come); of others only how they ended (portal_audit_keep_ended: printed then).
Neither changes once it has ended."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION portal_audit_keep_begun(kept text, ended text, VARIADIC columns text[]) RETURNS void LANGUAGE plpgsql
  SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE
  arguments text := (SELECT string_agg(quote_literal(name), ', ' ORDER BY place)
    FROM unnest(columns) WITH ORDINALITY AS named(name, place));
  was text := (SELECT string_agg(format('OLD.%I', name), ', ' ORDER BY place)
    FROM unnest(columns) WITH ORDINALITY AS named(name, place));
BEGIN
  EXECUTE format('CREATE TRIGGER print AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_print(%s)',
    kept, arguments);
  EXECUTE format('CREATE TRIGGER stay BEFORE UPDATE ON %I FOR EACH ROW WHEN (OLD.%I IS NOT NULL OR (%s) IS DISTINCT FROM (%s))'
    ' EXECUTE FUNCTION portal_audit_refuse()', kept, ended, was, replace(was, 'OLD.', 'NEW.'));
  EXECUTE format('CREATE TRIGGER keep BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse()', kept);
  EXECUTE format('CREATE TRIGGER keep_all BEFORE TRUNCATE ON %I EXECUTE FUNCTION portal_audit_refuse()', kept);
  EXECUTE format('INSERT INTO portal_audit_print (kept, row_id, columns, hash) '
    'SELECT %L, id, %L, portal_audit_row_hash(to_jsonb(t), %L) FROM %I AS t ORDER BY id',
    kept, array_to_string(columns, ','), columns, kept);
END $$;
CREATE FUNCTION portal_audit_keep_ended(kept text, ended text, VARIADIC columns text[]) RETURNS void LANGUAGE plpgsql
  SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE arguments text := (SELECT string_agg(quote_literal(name), ', ' ORDER BY place)
  FROM unnest(columns) WITH ORDINALITY AS named(name, place));
BEGIN
  EXECUTE format('CREATE TRIGGER print AFTER INSERT OR UPDATE ON %I FOR EACH ROW WHEN (NEW.%I IS NOT NULL)'
    ' EXECUTE FUNCTION portal_audit_print(%s)', kept, ended, arguments);
  EXECUTE format('CREATE TRIGGER stay BEFORE UPDATE ON %I FOR EACH ROW WHEN (OLD.%I IS NOT NULL)'
    ' EXECUTE FUNCTION portal_audit_refuse()', kept, ended);
  EXECUTE format('CREATE TRIGGER keep BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse()', kept);
  EXECUTE format('CREATE TRIGGER keep_all BEFORE TRUNCATE ON %I EXECUTE FUNCTION portal_audit_refuse()', kept);
  EXECUTE format('INSERT INTO portal_audit_print (kept, row_id, columns, hash) '
    'SELECT %L, id, %L, portal_audit_row_hash(to_jsonb(t), %L) FROM %I AS t WHERE %I IS NOT NULL ORDER BY id',
    kept, array_to_string(columns, ','), columns, kept, ended);
END $$;
"""
BACKWARD = """
DROP FUNCTION portal_audit_keep_begun(text, text, text[]); DROP FUNCTION portal_audit_keep_ended(text, text, text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("portal_audit", "0006_verification")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
