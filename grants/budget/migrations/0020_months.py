"""What a line booked in each month, and what its cases carried out of its accounts, is added up as it is
booked (`grants.budget.months`). Whoever books holds the line already, so nobody waits for more.
"""

import django.db.models.deletion
from django.db import migrations, models

# from when on the accounts of a line's own year, and of the next, are closed
CLOSED = "make_timestamptz(l.fiscal_year + {years}, 6, 1, 0, 0, 0, 'Asia/Tokyo')"
COMMITTED = "CASE WHEN e.kind IN ('commitment', 'return_undone') THEN e.amount WHEN e.kind = 'decommitment' THEN -e.amount END"
DISBURSED = (
    "CASE WHEN e.kind IN ('disbursement', 'return_undone') THEN e.amount"
    " WHEN e.kind IN ('return', 'reversal') THEN -e.amount END"
)
LET = "CASE WHEN e.kind IN ('carry_over', 'accident') THEN e.amount END"
AGAIN = "CASE WHEN e.kind = 'carry_again' THEN e.amount END"


def _until(sum_of: str, years: int) -> str:
    closed = CLOSED.format(years=years)
    return f"coalesce(sum({sum_of}) FILTER (WHERE e.booked_at < {closed}), 0)"


# of one case: `grants.budget.adding_up.carried_of_case`; {cases}: `of`, its line and case, and a sign
CARRIED = f"""
SELECT line_id, coalesce(sum(sign * first), 0) AS first,
  coalesce(sum(sign * greatest(least(again, first - paid_since, unpaid_later), 0)), 0) AS again
FROM (
  SELECT of.line_id, of.sign,
    greatest(least({_until(LET, 1)}, {_until(COMMITTED, 1)} - {_until(DISBURSED, 1)}), 0) AS first,
    {_until(AGAIN, 2)} AS again,
    {_until(DISBURSED, 2)} - {_until(DISBURSED, 1)} AS paid_since,
    {_until(COMMITTED, 2)} - {_until(DISBURSED, 2)} AS unpaid_later
  FROM ({{cases}}) AS of JOIN grants_budget_budgetline l ON l.id = of.line_id
    JOIN grants_budget_budgetentry e ON e.line_id = of.line_id AND e.case_id = of.case_id AND {{which}}
  GROUP BY of.line_id, of.case_id, of.sign, l.fiscal_year
) AS cases GROUP BY line_id
"""
LETTING = "kind IN ('carry_over', 'accident', 'carry_again')"
# what a case carries with the entries that were just made, less what it carried without them
DIFFERENCE = CARRIED.format(
    cases=f"""
    SELECT DISTINCT n.line_id, n.case_id, signs.sign
    FROM new_rows n CROSS JOIN (VALUES (1), (-1)) AS signs (sign)
    WHERE EXISTS (
      SELECT FROM grants_budget_budgetentry b
      WHERE b.line_id = n.line_id AND b.case_id = n.case_id AND b.{LETTING}
    )""",
    which="(of.sign = 1 OR e.id NOT IN (SELECT id FROM new_rows))",
)
ALL = CARRIED.format(
    cases=f"SELECT DISTINCT line_id, case_id, 1 AS sign FROM grants_budget_budgetentry WHERE {LETTING}",
    which="true",
)
MONTHS = """
INSERT INTO grants_budget_bookedmonth (line_id, to_id, kind, month, amount)
SELECT line_id, to_id, kind, date_trunc('month', booked_at AT TIME ZONE 'Asia/Tokyo')::date, sum(amount)
FROM {rows} GROUP BY 1, 2, 3, 4
"""
CARRIED_ANEW = f"""
UPDATE grants_budget_budgetline line SET carried_out = found.first, carried_out_again = found.again
FROM ({ALL}) AS found WHERE line.id = found.line_id
"""
FORWARD = f"""
CREATE FUNCTION grants_budget_add_up() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  {MONTHS.format(rows="new_rows")}
  ON CONFLICT (line_id, to_id, kind, month)
  DO UPDATE SET amount = grants_budget_bookedmonth.amount + EXCLUDED.amount;
  UPDATE grants_budget_budgetline line SET carried_out = carried_out + found.first,
    carried_out_again = carried_out_again + found.again
  FROM ({DIFFERENCE}) AS found
  WHERE line.id = found.line_id AND (found.first <> 0 OR found.again <> 0);
  RETURN NULL;
END $$;
-- after the rows' own triggers, which hold the lines
CREATE TRIGGER add_up AFTER INSERT ON grants_budget_budgetentry REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION grants_budget_add_up();
{MONTHS.format(rows="grants_budget_budgetentry")};
{CARRIED_ANEW};
"""
BACKWARD = """
DROP TRIGGER add_up ON grants_budget_budgetentry;
DROP FUNCTION grants_budget_add_up();
"""


class Migration(migrations.Migration):

    dependencies = [("grants_budget", "0019_entries_moved")]

    operations = [
        migrations.CreateModel(
            name="BookedMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(editable=False, max_length=14)),
                ("month", models.DateField(editable=False)),
                ("amount", models.BigIntegerField(editable=False)),
                ("line", models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="months", to="grants_budget.budgetline")),
                ("to", models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="months_received", to="grants_budget.budgetline")),
            ],
        ),
        migrations.AddConstraint(
            model_name="bookedmonth",
            constraint=models.UniqueConstraint(
                fields=("line", "to", "kind", "month"), name="budget_month_once", nulls_distinct=False
            ),
        ),
        migrations.AddField("budgetline", "carried_out", models.BigIntegerField(default=0, editable=False)),
        migrations.AddField("budgetline", "carried_out_again", models.BigIntegerField(default=0, editable=False)),
        migrations.AddIndex(
            model_name="budgetentry",
            index=models.Index(
                condition=models.Q(("kind__in", ("carry_over", "accident", "carry_again"))),
                fields=["case", "line"],
                name="budget_entry_let_over",
            ),
        ),
        migrations.AddIndex(
            model_name="budgetchange",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["line"], name="budget_change_open"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
