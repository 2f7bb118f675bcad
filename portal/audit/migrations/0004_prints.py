"""Each row that is kept leaves a print of its columns when it comes, and then neither changes nor goes: a room names
its table and columns to portal_audit_keep() in a migration of its own. What triggers write, they write as the owner of
the tables, so that the application's role needs no right to do it itself."""

from django.db import migrations, models

FORWARD = r"""
CREATE FUNCTION portal_audit_row_hash(line jsonb, columns text[]) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to((SELECT jsonb_agg(jsonb_build_array(name, line -> name) ORDER BY place)
    FROM unnest(columns) WITH ORDINALITY AS named(name, place))::text, 'UTF8')), 'hex')
$$;
CREATE FUNCTION portal_audit_print() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
BEGIN
  INSERT INTO portal_audit_print (kept, row_id, columns, hash)
    VALUES (TG_TABLE_NAME, NEW.id, array_to_string(TG_ARGV, ','), portal_audit_row_hash(to_jsonb(NEW), TG_ARGV))
    ON CONFLICT (kept, row_id) DO NOTHING;
  RETURN NULL;
END $$;
-- what was printed stays; another column is filled once, and what is in it can be erased
CREATE FUNCTION portal_audit_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was jsonb := to_jsonb(OLD); is_now jsonb := to_jsonb(NEW); name text;
  blank jsonb[] := ARRAY['""', '{}', '[]', 'null']::jsonb[];
BEGIN
  FOR name IN SELECT jsonb_object_keys(was) LOOP
    IF is_now -> name IS DISTINCT FROM was -> name
        AND (name = ANY (TG_ARGV) OR NOT (was -> name = ANY (blank) OR is_now -> name = ANY (blank))) THEN
      RAISE EXCEPTION 'append-only: % of % stays as it is', name, TG_TABLE_NAME;
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
CREATE FUNCTION portal_audit_keep(kept text, VARIADIC columns text[]) RETURNS void LANGUAGE plpgsql
  SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE arguments text := (SELECT string_agg(quote_literal(name), ', ' ORDER BY place)
  FROM unnest(columns) WITH ORDINALITY AS named(name, place));
BEGIN
  EXECUTE format('CREATE TRIGGER print AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_print(%s)',
    kept, arguments);
  EXECUTE format('CREATE TRIGGER stay BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_stay(%s)',
    kept, arguments);
  EXECUTE format('CREATE OR REPLACE TRIGGER keep BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse()',
    kept);
  EXECUTE format('CREATE OR REPLACE TRIGGER keep_all BEFORE TRUNCATE ON %I EXECUTE FUNCTION portal_audit_refuse()', kept);
  EXECUTE format('INSERT INTO portal_audit_print (kept, row_id, columns, hash) '
    'SELECT %L, id, %L, portal_audit_row_hash(to_jsonb(t), %L) FROM %I AS t ORDER BY id',
    kept, array_to_string(columns, ','), columns, kept);
END $$;
CREATE FUNCTION portal_audit_let_go(kept text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TRIGGER print ON %1$I; DROP TRIGGER stay ON %1$I; DROP TRIGGER keep ON %1$I; '
    'DROP TRIGGER keep_all ON %1$I', kept);
END $$;
-- wait until nobody is writing to events or prints: LOCK wants a right to change rows, which nobody else has
CREATE FUNCTION portal_audit_quiet(written text) RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF written NOT IN ('portal_audit_event', 'portal_audit_print') THEN
    RAISE EXCEPTION 'no table of the record: %', written;
  END IF;
  EXECUTE format('LOCK TABLE %I IN SHARE MODE', written);
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON portal_audit_print FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_audit_print EXECUTE FUNCTION portal_audit_refuse();
ALTER FUNCTION portal_audit_link() SECURITY DEFINER SET search_path = public, pg_temp;
"""
BACKWARD = """
ALTER FUNCTION portal_audit_link() SECURITY INVOKER RESET search_path;
DROP TRIGGER keep ON portal_audit_print; DROP TRIGGER keep_all ON portal_audit_print;
DROP FUNCTION portal_audit_quiet(text); DROP FUNCTION portal_audit_let_go(text);
DROP FUNCTION portal_audit_keep(text, text[]);
DROP FUNCTION portal_audit_stay(); DROP FUNCTION portal_audit_print(); DROP FUNCTION portal_audit_row_hash(jsonb, text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("portal_audit", "0003_heads_hold_the_lock")]
    operations = [
        migrations.CreateModel(
            "Print",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kept", models.CharField(max_length=63)),
                ("row_id", models.BigIntegerField()),
                ("columns", models.TextField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("kept", "row_id"), name="audit_print_once")]},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
