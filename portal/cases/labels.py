"""The labels of calls that cases carry: a few words among hundreds of thousands of cases."""

from django.db import connection

# each label once: under the index by which the list is sorted, from one to the next greater one
EACH = """
WITH RECURSIVE label (said) AS (
  (SELECT call_label FROM portal_cases_case WHERE NOT is_draft ORDER BY call_label LIMIT 1)
  UNION ALL
  SELECT (
    SELECT call_label FROM portal_cases_case
    WHERE NOT is_draft AND call_label > label.said ORDER BY call_label LIMIT 1
  ) FROM label WHERE label.said IS NOT NULL
)
SELECT said FROM label WHERE strpos(upper(said), upper(%s)) > 0
"""


def with_words(words: str) -> list[str]:
    """Those that hold these words, whatever their case: a list is then found by whole labels, of which the
    database knows how frequent each is.
    """
    with connection.cursor() as cursor:
        cursor.execute(EACH, [words])
        return [said for (said,) in cursor.fetchall()]
