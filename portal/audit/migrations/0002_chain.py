"""The chain in the database: a trigger numbers and links events; nothing written is ever changed or removed."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION portal_audit_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last_seq bigint; last_hash text; line text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.chain, 0));
  SELECT seq, hash INTO last_seq, last_hash FROM portal_audit_head WHERE chain = NEW.chain;
  NEW.seq := COALESCE(last_seq, 0) + 1;
  NEW.prev_hash := COALESCE(last_hash, '');
  line := concat_ws(E'\n', NEW.chain, NEW.seq::text,
    to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), COALESCE(NEW.actor_id::text, ''), NEW.capacity,
    NEW.action, NEW.subject, NEW.before, NEW.after, NEW.payload_hash);
  NEW.hash := encode(sha256(convert_to(NEW.prev_hash || E'\n' || line, 'UTF8')), 'hex');
  INSERT INTO portal_audit_head (chain, seq, hash) VALUES (NEW.chain, NEW.seq, NEW.hash)
    ON CONFLICT (chain) DO UPDATE SET seq = EXCLUDED.seq, hash = EXCLUDED.hash;
  RETURN NEW;
END $$;
CREATE FUNCTION portal_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE FUNCTION portal_audit_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL OR NEW.content <> '' OR NEW.event_id <> OLD.event_id THEN
    RAISE EXCEPTION 'append-only: a payload can only be erased';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER link BEFORE INSERT ON portal_audit_event FOR EACH ROW EXECUTE FUNCTION portal_audit_link();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON portal_audit_event FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_audit_event EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER erase BEFORE UPDATE ON portal_audit_payload FOR EACH ROW EXECUTE FUNCTION portal_audit_only_erase();
CREATE TRIGGER keep BEFORE DELETE ON portal_audit_payload FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_audit_payload EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON portal_audit_seal FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_audit_seal EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON portal_audit_head EXECUTE FUNCTION portal_audit_refuse();
"""
BACKWARD = """
DROP TRIGGER link ON portal_audit_event; DROP TRIGGER keep ON portal_audit_event; DROP TRIGGER keep_all ON portal_audit_event;
DROP TRIGGER erase ON portal_audit_payload; DROP TRIGGER keep ON portal_audit_payload;
DROP TRIGGER keep_all ON portal_audit_payload; DROP TRIGGER keep ON portal_audit_seal;
DROP TRIGGER keep_all ON portal_audit_seal; DROP TRIGGER keep_all ON portal_audit_head;
DROP FUNCTION portal_audit_link(); DROP FUNCTION portal_audit_refuse(); DROP FUNCTION portal_audit_only_erase();
"""


class Migration(migrations.Migration):
    dependencies = [("portal_audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
