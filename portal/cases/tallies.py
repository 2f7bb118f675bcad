"""How many turns and open cases there are of one kind, kept by the database (migration 0019).

Whatever writes turns or cases adds the difference that it made as rows of its own: nobody waits for
anybody, and a sum over the rows is exact at every moment. A job adds up what is alike.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

# what is alike in the turns of one row; of cases the first three alone
KEYS = (
    *("programme_code", "municipality_codes", "assigned_to"),
    *("side", "what", "person", "due_on"),
)


class Tally(models.Model):
    """So many more, or fewer, of one kind; `side` is empty for open cases. Drafts are not counted."""

    programme_code = models.CharField(max_length=20)
    municipality_codes = ArrayField(models.CharField(max_length=6))
    assigned_to = models.BigIntegerField(null=True)
    side = models.CharField(max_length=10)
    what = models.CharField(max_length=120)
    person = models.BigIntegerField(null=True)
    due_on = models.DateField(null=True)
    difference = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.programme_code} {self.side} {self.what} {self.difference}"


_COLUMNS = ", ".join(KEYS)
_KEPT = f"""
SELECT {_COLUMNS}, sum(difference) FROM %s GROUP BY {_COLUMNS} HAVING sum(difference) <> 0
"""  # noqa: S608  no word of it is typed
_COUNTED = """
SELECT programme_code, municipality_codes, assigned_to_id, side, what, person_id, due_on, count(*)
FROM portal_cases_turn WHERE NOT is_draft GROUP BY 1, 2, 3, 4, 5, 6, 7
UNION ALL
SELECT programme_code, municipality_codes, assigned_to_id, '', '', NULL, NULL, count(*)
FROM portal_cases_case WHERE NOT is_draft AND closed_at IS NULL AND disposed_on IS NULL
GROUP BY 1, 2, 3
"""
_INSTEAD = f"""
WITH gone AS (DELETE FROM portal_cases_tally RETURNING *)
INSERT INTO portal_cases_tally ({_COLUMNS}, difference) %s
"""  # noqa: S608  as above


def gather() -> None:
    """Add up what is alike. One statement, so that whoever reads meanwhile finds one or the other."""
    _run(_INSTEAD % (_KEPT % "gone"))


def recount() -> None:
    """Count anew, after rows were written past the database's own counting."""
    _run(_INSTEAD % _COUNTED)


def is_exact() -> bool:
    """Does it say what a count of every turn and case says?"""
    kept = _KEPT % "portal_cases_tally"
    return not _run(
        f"SELECT 1 FROM (({kept}) EXCEPT ALL ({_COUNTED})) a"  # noqa: S608  as above
        f" UNION ALL SELECT 1 FROM (({_COUNTED}) EXCEPT ALL ({kept})) b LIMIT 1"
    )


def _run(statement: str) -> bool:
    """Did it give a row?"""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.description is not None and cursor.fetchone() is not None
