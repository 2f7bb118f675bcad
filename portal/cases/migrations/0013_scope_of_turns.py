"""What the inbox asks of a turn's case is copied to the turn, by the database alone: when a turn is
written, and whenever the case says otherwise.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COLUMNS = ("programme_code", "municipality_codes", "organisation_id", "assigned_to_id", "is_draft")
OWN = ", ".join(f"NEW.{column}" for column in COLUMNS)
NAMES = ", ".join(COLUMNS)

TRIGGERS = f"""
CREATE FUNCTION portal_cases_scope_of_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT {NAMES} INTO {OWN} FROM portal_cases_case WHERE id = NEW.case_id FOR SHARE;
  RETURN NEW;
END $$;
CREATE TRIGGER scope BEFORE INSERT OR UPDATE OF case_id, {NAMES} ON portal_cases_turn
  FOR EACH ROW EXECUTE FUNCTION portal_cases_scope_of_turn();

CREATE FUNCTION portal_cases_scope_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE portal_cases_turn SET case_id = case_id WHERE case_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER scope AFTER UPDATE OF {NAMES} ON portal_cases_case
  FOR EACH ROW WHEN (({", ".join(f"OLD.{column}" for column in COLUMNS)}) IS DISTINCT FROM ({OWN}))
  EXECUTE FUNCTION portal_cases_scope_moved();
"""
GONE = """
DROP TRIGGER scope ON portal_cases_case;
DROP TRIGGER scope ON portal_cases_turn;
DROP FUNCTION portal_cases_scope_moved();
DROP FUNCTION portal_cases_scope_of_turn();
"""
FILLED = f"""
UPDATE portal_cases_turn t SET ({NAMES}) = ({", ".join(f"c.{column}" for column in COLUMNS)})
  FROM portal_cases_case c WHERE c.id = t.case_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


def _organisation(**given):
    return models.ForeignKey(
        db_index=False,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="portal_accounts.organisation",
        **given,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("portal_cases", "0012_lists_at_size"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "turn",
            "programme_code",
            models.CharField(default="", editable=False, max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            "turn",
            "municipality_codes",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=6), default=list, editable=False, size=None
            ),
        ),
        migrations.AddField("turn", "organisation", _organisation(null=True)),
        migrations.AddField(
            "turn",
            "assigned_to",
            models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "turn", "is_draft", models.BooleanField(default=True, editable=False)
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.AlterField("turn", "organisation", _organisation()),
        migrations.RunSQL(TRIGGERS, GONE),
        migrations.AddIndex(
            "turn",
            models.Index(
                fields=["programme_code", "side", "stands_on", "since", "id"],
                name="cases_turn_programme",
            ),
        ),
        migrations.AddIndex(
            "turn",
            models.Index(
                condition=models.Q(("assigned_to__isnull", False)),
                fields=["assigned_to", "side", "stands_on", "since", "id"],
                name="cases_turn_officer",
            ),
        ),
        migrations.AddIndex(
            "turn",
            django.contrib.postgres.indexes.GinIndex(
                fields=["municipality_codes"], name="cases_turn_municipalities"
            ),
        ),
    ]
