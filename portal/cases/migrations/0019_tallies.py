"""Turns and open cases are counted as they are written: each statement adds the difference that it made
(`portal.cases.tallies`). Rows of their own, since many people at once would wait for one counter.
"""

import django.contrib.postgres.fields
import django.db.models.functions.comparison
from django.db import migrations, models

KEYS = "programme_code, municipality_codes, assigned_to, side, what, person, due_on"
TURN = (
    "portal_cases_turn",
    "programme_code, municipality_codes, assigned_to_id, side, what, person_id, due_on",
    "NOT is_draft",
)
CASE = (
    "portal_cases_case",
    "programme_code, municipality_codes, assigned_to_id, '', '', NULL::bigint, NULL::date",
    "NOT is_draft AND closed_at IS NULL AND disposed_on IS NULL",
)
FILL = "".join(
    f"INSERT INTO portal_cases_tally ({KEYS}, difference) SELECT {columns}, count(*) FROM {table}"
    f" WHERE {counted} GROUP BY {groups};\n"
    for (table, columns, counted), groups in ((TURN, "1, 2, 3, 4, 5, 6, 7"), (CASE, "1, 2, 3"))
)


def _written(table: str, columns: str, counted: str) -> str:
    plus = f"SELECT {columns}, 1 FROM new_rows WHERE {counted}"
    minus = f"SELECT {columns}, -1 FROM old_rows WHERE {counted}"
    new, old = "NEW TABLE AS new_rows", "OLD TABLE AS old_rows"
    ways = {
        "INSERT": (new, plus),
        "DELETE": (old, minus),
        "UPDATE": (f"{old} {new}", f"{plus} UNION ALL {minus}"),
    }
    return "".join(
        f"""
CREATE FUNCTION {table}_tally_{way.lower()}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO portal_cases_tally ({KEYS}, difference)
  SELECT {KEYS}, sum(n) FROM ({rows}) AS rows ({KEYS}, n) GROUP BY {KEYS} HAVING sum(n) <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER tally_{way.lower()} AFTER {way} ON {table} REFERENCING {tables}
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_tally_{way.lower()}();
"""
        for way, (tables, rows) in ways.items()
    )


def _gone(table: str) -> str:
    return "".join(
        f"DROP TRIGGER tally_{way} ON {table}; DROP FUNCTION {table}_tally_{way}();\n"
        for way in ("insert", "delete", "update")
    )


class Migration(migrations.Migration):

    dependencies = [
        ('portal_cases', '0018_decided'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme_code', models.CharField(max_length=20)),
                ('municipality_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=6), size=None)),
                ('assigned_to', models.BigIntegerField(null=True)),
                ('side', models.CharField(max_length=10)),
                ('what', models.CharField(max_length=120)),
                ('person', models.BigIntegerField(null=True)),
                ('due_on', models.DateField(null=True)),
                ('difference', models.IntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name='turn',
            index=models.Index(condition=models.Q(('is_draft', False)), fields=['programme_code', 'side', 'what', 'since'], name='cases_turn_oldest'),
        ),
        migrations.AddIndex(
            model_name='turn',
            index=models.Index(django.db.models.functions.comparison.Coalesce('person', 0), models.F('since'), condition=models.Q(('is_draft', False), ('side', 'office')), name='cases_turn_longest'),
        ),
        migrations.RunSQL(
            FILL + "".join(_written(*rows) for rows in (TURN, CASE)),
            "".join(_gone(table) for table, *_rows in (TURN, CASE)),
        ),
    ]
