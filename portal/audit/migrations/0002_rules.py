"""The chain in the database: a trigger numbers and links events; nothing written is ever changed or removed. The
head's row is the lock of its chain: row locks are kept in the rows, while every advisory lock takes a place in a table
of the server whose size is fixed, so that one act over some thousand cases could exhaust it for everybody.

Each row that is kept leaves a print of its columns when it comes, and then neither changes nor goes: a room names its
table and columns to portal_audit_keep() in a migration of its own. Of rows that live and then end, `ended` is the
column that says when. Of some, what they say counts from the first day (portal_audit_keep_begun: printed as they come,
and portal_audit_keep_end beside it, of how they ended); of others only how they ended (portal_audit_keep_ended: printed
then). What triggers write, they write as the owner of the tables: the application's role needs no right to do it."""

from django.db import migrations

RULES = r"""
CREATE FUNCTION portal_audit_link() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last_seq bigint; last_hash text; line text;
BEGIN
  SELECT seq, hash INTO last_seq, last_hash FROM portal_audit_head WHERE chain = NEW.chain FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    INSERT INTO portal_audit_head (chain, seq, hash) VALUES (NEW.chain, 0, '') ON CONFLICT (chain) DO NOTHING;
    SELECT seq, hash INTO STRICT last_seq, last_hash FROM portal_audit_head WHERE chain = NEW.chain FOR NO KEY
      UPDATE;
  END IF;
  NEW.seq := last_seq + 1;
  NEW.prev_hash := last_hash;
  line := concat_ws(E'\n', NEW.chain, NEW.seq::text,
    to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), COALESCE(NEW.actor_id::text, ''),
      NEW.capacity,
    NEW.action, NEW.subject, NEW.before, NEW.after, NEW.payload_hash);
  NEW.hash := encode(sha256(convert_to(NEW.prev_hash || E'\n' || line, 'UTF8')), 'hex');
  UPDATE portal_audit_head SET seq = NEW.seq, hash = NEW.hash WHERE chain = NEW.chain;
  RETURN NEW;
END
$$;
CREATE FUNCTION portal_audit_refuse() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME;
END
$$;
CREATE FUNCTION portal_audit_only_erase() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL OR NEW.content <> '' OR NEW.event_id <> OLD.event_id THEN
    RAISE EXCEPTION 'append-only: a payload can only be erased';
  END IF;
  RETURN NEW;
END
$$;
CREATE FUNCTION portal_audit_row_hash(line jsonb, columns text[]) RETURNS text
  LANGUAGE sql STABLE AS $$
SELECT encode(sha256(convert_to((SELECT jsonb_agg(jsonb_build_array(name, line -> name) ORDER BY place)
    FROM unnest(columns) WITH ORDINALITY AS named(name, place))::text, 'UTF8')), 'hex')
$$;
CREATE FUNCTION portal_audit_print() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex'
    AS $$
BEGIN
  INSERT INTO portal_audit_print (kept, row_id, columns, hash, of_end)
    VALUES (TG_TABLE_NAME, NEW.id, array_to_string(TG_ARGV, ','), portal_audit_row_hash(to_jsonb(NEW), TG_ARGV),
      TG_NAME = 'print_end')
    ON CONFLICT (kept, row_id, of_end) DO NOTHING;
  RETURN NULL;
END
$$;
CREATE FUNCTION portal_audit_stay() RETURNS trigger
  LANGUAGE plpgsql AS $$
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
END
$$;
CREATE FUNCTION portal_audit_keep(kept text, VARIADIC columns text[]) RETURNS void
  LANGUAGE plpgsql SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE arguments text := (SELECT string_agg(quote_literal(name), ', ' ORDER BY place)
  FROM unnest(columns) WITH ORDINALITY AS named(name, place));
BEGIN
  EXECUTE format('CREATE TRIGGER print AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_print(%s)',
    kept, arguments);
  EXECUTE format('CREATE TRIGGER stay BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_stay(%s)',
    kept, arguments);
  EXECUTE
    format('CREATE OR REPLACE TRIGGER keep BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse()',
    kept);
  EXECUTE format('CREATE OR REPLACE TRIGGER keep_all BEFORE TRUNCATE ON %I EXECUTE FUNCTION portal_audit_refuse()',
    kept);
  EXECUTE format('INSERT INTO portal_audit_print (kept, row_id, columns, hash) '
    'SELECT %L, id, %L, portal_audit_row_hash(to_jsonb(t), %L) FROM %I AS t ORDER BY id',
    kept, array_to_string(columns, ','), columns, kept);
END
$$;
CREATE FUNCTION portal_audit_let_go(kept text) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TRIGGER print ON %1$I; DROP TRIGGER stay ON %1$I; DROP TRIGGER keep ON %1$I; '
    'DROP TRIGGER keep_all ON %1$I', kept);
END
$$;
CREATE FUNCTION portal_audit_quiet(written text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF written NOT IN ('portal_audit_event', 'portal_audit_print') THEN
    RAISE EXCEPTION 'no table of the record: %', written;
  END IF;
  EXECUTE format('LOCK TABLE %I IN SHARE MODE', written);
END
$$;
CREATE FUNCTION portal_audit_keep_begun(kept text, ended text, VARIADIC columns text[]) RETURNS void
  LANGUAGE plpgsql SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE
  arguments text := (SELECT string_agg(quote_literal(name), ', ' ORDER BY place)
    FROM unnest(columns) WITH ORDINALITY AS named(name, place));
  was text := (SELECT string_agg(format('OLD.%I', name), ', ' ORDER BY place)
    FROM unnest(columns) WITH ORDINALITY AS named(name, place));
BEGIN
  EXECUTE format('CREATE TRIGGER print AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_print(%s)',
    kept, arguments);
  EXECUTE
    format('CREATE TRIGGER stay BEFORE UPDATE ON %I FOR EACH ROW WHEN (OLD.%I IS NOT NULL OR (%s) IS DISTINCT FROM (%s))'
    ' EXECUTE FUNCTION portal_audit_refuse()', kept, ended, was, replace(was, 'OLD.', 'NEW.'));
  EXECUTE format('CREATE TRIGGER keep BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse()',
    kept);
  EXECUTE format('CREATE TRIGGER keep_all BEFORE TRUNCATE ON %I EXECUTE FUNCTION portal_audit_refuse()', kept);
  EXECUTE format('INSERT INTO portal_audit_print (kept, row_id, columns, hash) '
    'SELECT %L, id, %L, portal_audit_row_hash(to_jsonb(t), %L) FROM %I AS t ORDER BY id',
    kept, array_to_string(columns, ','), columns, kept);
END
$$;
CREATE FUNCTION portal_audit_keep_ended(kept text, ended text, VARIADIC columns text[]) RETURNS void
  LANGUAGE plpgsql SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE arguments text := (SELECT string_agg(quote_literal(name), ', ' ORDER BY place)
  FROM unnest(columns) WITH ORDINALITY AS named(name, place));
BEGIN
  EXECUTE format('CREATE TRIGGER print AFTER INSERT OR UPDATE ON %I FOR EACH ROW WHEN (NEW.%I IS NOT NULL)'
    ' EXECUTE FUNCTION portal_audit_print(%s)', kept, ended, arguments);
  EXECUTE format('CREATE TRIGGER stay BEFORE UPDATE ON %I FOR EACH ROW WHEN (OLD.%I IS NOT NULL)'
    ' EXECUTE FUNCTION portal_audit_refuse()', kept, ended);
  EXECUTE format('CREATE TRIGGER keep BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse()',
    kept);
  EXECUTE format('CREATE TRIGGER keep_all BEFORE TRUNCATE ON %I EXECUTE FUNCTION portal_audit_refuse()', kept);
  EXECUTE format('INSERT INTO portal_audit_print (kept, row_id, columns, hash) '
    'SELECT %L, id, %L, portal_audit_row_hash(to_jsonb(t), %L) FROM %I AS t WHERE %I IS NOT NULL ORDER BY id',
    kept, array_to_string(columns, ','), columns, kept, ended);
END
$$;
CREATE FUNCTION portal_audit_keep_end(kept text, ended text, VARIADIC columns text[]) RETURNS void
  LANGUAGE plpgsql SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE arguments text := (SELECT string_agg(quote_literal(name), ', ' ORDER BY place)
  FROM unnest(columns) WITH ORDINALITY AS named(name, place));
BEGIN
  EXECUTE format('CREATE TRIGGER print_end AFTER INSERT OR UPDATE ON %I FOR EACH ROW WHEN (NEW.%I IS NOT NULL)'
    ' EXECUTE FUNCTION portal_audit_print(%s)', kept, ended, arguments);
  EXECUTE format('INSERT INTO portal_audit_print (kept, row_id, columns, hash, of_end) '
    'SELECT %L, id, %L, portal_audit_row_hash(to_jsonb(t), %L), true FROM %I AS t WHERE %I IS NOT NULL ORDER BY id',
    kept, array_to_string(columns, ','), columns, kept, ended);
END
$$;
CREATE TRIGGER link BEFORE INSERT ON portal_audit_event
  FOR EACH ROW EXECUTE FUNCTION portal_audit_link();
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON portal_audit_event
  FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER erase BEFORE UPDATE ON portal_audit_payload
  FOR EACH ROW EXECUTE FUNCTION portal_audit_only_erase();
CREATE TRIGGER keep BEFORE DELETE ON portal_audit_payload
  FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_audit_payload
  FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON portal_audit_print
  FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_audit_print
  FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep BEFORE DELETE OR UPDATE ON portal_audit_seal
  FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION portal_audit_refuse();
"""
GONE = """
DROP FUNCTION portal_audit_keep_end(kept text, ended text, VARIADIC columns text[]) CASCADE;
DROP FUNCTION portal_audit_keep_ended(kept text, ended text, VARIADIC columns text[]) CASCADE;
DROP FUNCTION portal_audit_keep_begun(kept text, ended text, VARIADIC columns text[]) CASCADE;
DROP FUNCTION portal_audit_quiet(written text) CASCADE;
DROP FUNCTION portal_audit_let_go(kept text) CASCADE;
DROP FUNCTION portal_audit_keep(kept text, VARIADIC columns text[]) CASCADE;
DROP FUNCTION portal_audit_stay() CASCADE;
DROP FUNCTION portal_audit_print() CASCADE;
DROP FUNCTION portal_audit_row_hash(line jsonb, columns text[]) CASCADE;
DROP FUNCTION portal_audit_only_erase() CASCADE;
DROP FUNCTION portal_audit_refuse() CASCADE;
DROP FUNCTION portal_audit_link() CASCADE;
"""


class Migration(migrations.Migration):
    replaces = [("portal_audit", "0008_prints_of_ends")]
    dependencies = [
        ("portal_audit", "0001_tables"),
    ]
    operations = [migrations.RunSQL(RULES, GONE)]
