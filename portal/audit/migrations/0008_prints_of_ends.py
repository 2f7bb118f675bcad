"""Of a row that lives and then ends, how it ended leaves a print of its own (portal_audit_keep_end, beside
portal_audit_keep_begun): who wrote an end over, took it away, or wrote one past the portal, is seen."""

from django.db import migrations, models

PRINT = r"""
CREATE OR REPLACE FUNCTION portal_audit_print() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
BEGIN
  INSERT INTO portal_audit_print (kept, row_id, columns, hash{column})
    VALUES (TG_TABLE_NAME, NEW.id, array_to_string(TG_ARGV, ','), portal_audit_row_hash(to_jsonb(NEW), TG_ARGV){value})
    ON CONFLICT (kept, row_id{column}) DO NOTHING;
  RETURN NULL;
END $$;
"""
NOW = PRINT.format(column=", of_end", value=", TG_NAME = 'print_end'")
BEFORE = PRINT.format(column="", value="")
KEEP_END = r"""
CREATE FUNCTION portal_audit_keep_end(kept text, ended text, VARIADIC columns text[]) RETURNS void LANGUAGE plpgsql
  SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE arguments text := (SELECT string_agg(quote_literal(name), ', ' ORDER BY place)
  FROM unnest(columns) WITH ORDINALITY AS named(name, place));
BEGIN
  EXECUTE format('CREATE TRIGGER print_end AFTER INSERT OR UPDATE ON %I FOR EACH ROW WHEN (NEW.%I IS NOT NULL)'
    ' EXECUTE FUNCTION portal_audit_print(%s)', kept, ended, arguments);
  EXECUTE format('INSERT INTO portal_audit_print (kept, row_id, columns, hash, of_end) '
    'SELECT %L, id, %L, portal_audit_row_hash(to_jsonb(t), %L), true FROM %I AS t WHERE %I IS NOT NULL ORDER BY id',
    kept, array_to_string(columns, ','), columns, kept, ended);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("portal_audit", "0007_keep_until_ended")]
    operations = [
        migrations.AddField("print", "of_end", models.BooleanField(db_default=False)),
        migrations.RemoveConstraint("print", "audit_print_once"),
        migrations.AddConstraint(
            "print",
            models.UniqueConstraint(fields=("kept", "row_id", "of_end"), name="audit_print_once"),
        ),
        migrations.RunSQL(NOW, BEFORE),
        migrations.RunSQL(KEEP_END, "DROP FUNCTION portal_audit_keep_end(text, text, text[])"),
    ]
