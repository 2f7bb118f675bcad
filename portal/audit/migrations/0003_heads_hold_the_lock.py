"""The head's row is the lock of its chain: row locks are kept in the rows, while every advisory lock takes a place in
a table of the server whose size is fixed, so that one act over some thousand cases could exhaust it for everybody."""

from django.db import migrations

# A locked row is read as the writer before us left it (READ COMMITTED); for the first event of a chain the row is made
# first, empty (seq 0), and whoever makes it at the same time waits for us there.
FORWARD = r"""
CREATE OR REPLACE FUNCTION portal_audit_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last_seq bigint; last_hash text; line text;
BEGIN
  SELECT seq, hash INTO last_seq, last_hash FROM portal_audit_head WHERE chain = NEW.chain FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    INSERT INTO portal_audit_head (chain, seq, hash) VALUES (NEW.chain, 0, '') ON CONFLICT (chain) DO NOTHING;
    SELECT seq, hash INTO STRICT last_seq, last_hash FROM portal_audit_head WHERE chain = NEW.chain FOR NO KEY UPDATE;
  END IF;
  NEW.seq := last_seq + 1;
  NEW.prev_hash := last_hash;
  line := concat_ws(E'\n', NEW.chain, NEW.seq::text,
    to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), COALESCE(NEW.actor_id::text, ''), NEW.capacity,
    NEW.action, NEW.subject, NEW.before, NEW.after, NEW.payload_hash);
  NEW.hash := encode(sha256(convert_to(NEW.prev_hash || E'\n' || line, 'UTF8')), 'hex');
  UPDATE portal_audit_head SET seq = NEW.seq, hash = NEW.hash WHERE chain = NEW.chain;
  RETURN NEW;
END $$;
"""
BACKWARD = r"""
CREATE OR REPLACE FUNCTION portal_audit_link() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("portal_audit", "0002_chain")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
