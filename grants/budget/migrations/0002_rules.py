"""The book in the database: entries keep the line's totals; a CHECK on the line refuses an overdraft; entries and
what was proposed stay. Totals are written by the owner's triggers, so that nobody else has to be able to.

What a line booked in each month, and what its cases carried out of its accounts, is added up as it is booked
(`grants.budget.months`), after the rows' own triggers, which hold the lines: nobody waits for more. What is
planned and allotted is added up by triggers of their own; the first allotment binds the line to it. A frame that
pays money counts its places beside a line in yen; a course has seats, and no other line."""

from django.db import migrations

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
ADD_UP = f"""
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
END
$$;
"""
RULES = r"""
CREATE FUNCTION grants_budget_total() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE grants_budget_budgetline SET
    appropriated = appropriated + CASE NEW.kind WHEN 'appropriation' THEN NEW.amount
      WHEN 'reduction' THEN -NEW.amount ELSE 0 END,
    committed = committed + CASE WHEN NEW.kind IN ('commitment', 'return_undone') THEN NEW.amount
      WHEN NEW.kind = 'decommitment' THEN -NEW.amount ELSE 0 END,
    disbursed = disbursed + CASE WHEN NEW.kind IN ('disbursement', 'return_undone') THEN NEW.amount
      WHEN NEW.kind IN ('return', 'reversal') THEN -NEW.amount ELSE 0 END,
    carried = CASE WHEN NEW.kind = 'decommitment' THEN LEAST(carried, committed - NEW.amount) ELSE carried END,
    carried_again = CASE WHEN NEW.kind = 'decommitment' THEN LEAST(carried_again, committed - NEW.amount)
      ELSE carried_again END
  WHERE id = NEW.line_id;
  -- the line is held from here on: the book is read as it is now
  IF NEW.kind IN ('carry_over', 'accident', 'carry_again') OR (
    NEW.kind IN ('commitment', 'decommitment', 'return_undone') AND EXISTS (
      SELECT 1 FROM grants_budget_budgetentry
      WHERE case_id = NEW.case_id AND line_id = NEW.line_id AND kind IN ('carry_over', 'accident')
    )
  ) THEN
    UPDATE grants_budget_budgetline SET carried = found.carried, carried_again = found.again
    FROM (
SELECT coalesce(sum(least(let_over, committed)), 0) AS carried,
  coalesce(sum(least(let_again, let_over, committed)), 0) AS again
FROM (
  SELECT coalesce(sum(amount) FILTER (WHERE kind IN ('carry_over', 'accident')), 0) AS let_over,
    coalesce(sum(amount) FILTER (WHERE kind = 'carry_again'), 0) AS let_again,
    coalesce(sum(amount) FILTER (WHERE kind IN ('commitment', 'return_undone')), 0)
      - coalesce(sum(amount) FILTER (WHERE kind = 'decommitment'), 0) AS committed
  FROM grants_budget_budgetentry
  WHERE line_id = NEW.line_id AND case_id IN (
    SELECT case_id FROM grants_budget_budgetentry
    WHERE line_id = NEW.line_id AND kind IN ('carry_over', 'accident')
  )
  GROUP BY case_id
) AS cases
) AS found WHERE id = NEW.line_id;
  END IF;
  RETURN NULL;
END
$$;
CREATE FUNCTION grants_budget_plan() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE grants_budget_budgetline SET appropriated = appropriated
    + CASE WHEN NEW.kind = 'supplement' OR id = NEW.to_id THEN NEW.amount ELSE -NEW.amount END
  WHERE id IN (NEW.line_id, NEW.to_id);
  RETURN NULL;
END
$$;
CREATE FUNCTION grants_budget_vote() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE grants_budget_budgetline SET voted = voted + NEW.amount WHERE id = NEW.line_id;
  RETURN NULL;
END
$$;
CREATE FUNCTION grants_budget_allot() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE grants_budget_budgetline SET by_allotment = true,
    allotted = allotted + CASE WHEN NEW.kind = 'allotment' THEN NEW.amount ELSE -NEW.amount END
  WHERE id = NEW.line_id;
  RETURN NULL;
END
$$;
CREATE FUNCTION grants_budget_units() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE paid text;
BEGIN
  SELECT parameters ->> 'kind' INTO paid FROM grants_programmes_call WHERE id = NEW.call_id;
  IF (NEW.unit = 'seats') IS DISTINCT FROM (paid = 'seats') OR (
    NEW.unit = 'slots' AND paid IN ('subsidy', 'support') AND NOT EXISTS (
      SELECT FROM grants_budget_budgetline
      WHERE call_id = NEW.call_id AND frame = NEW.frame AND unit = 'yen'
    )
  ) THEN
    RAISE EXCEPTION 'budget_units: % of frame % in a call of kind %', NEW.unit, NEW.frame, paid
      USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_units';
  END IF;
  RETURN NULL;
END
$$;
SELECT portal_audit_keep('grants_budget_accountinganswer', 'id', 'entry_id', 'status', 'voucher', 'day',
  'reason', 'read_at', 'read_by_id');
SELECT portal_audit_keep('grants_budget_budgetchange', 'id', 'line_id', 'kind', 'amount', 'note',
  'proposed_by_id', 'proposed_at', 'case_id', 'to_id', 'permit');
SELECT portal_audit_keep('grants_budget_budgetentry', 'id', 'line_id', 'kind', 'amount', 'case_id', 'note',
  'booked_at', 'booked_by_id', 'to_id');
CREATE TRIGGER total AFTER INSERT ON grants_budget_budgetentry
  FOR EACH ROW EXECUTE FUNCTION grants_budget_total();
CREATE TRIGGER plan AFTER INSERT ON grants_budget_budgetentry
  FOR EACH ROW WHEN (NEW.kind IN ('supplement', 'supplement_cut', 'transfer'))
  EXECUTE FUNCTION grants_budget_plan();
CREATE TRIGGER vote AFTER INSERT ON grants_budget_budgetentry
  FOR EACH ROW WHEN (NEW.kind = 'voted')
  EXECUTE FUNCTION grants_budget_vote();
CREATE TRIGGER allot AFTER INSERT ON grants_budget_budgetentry
  FOR EACH ROW WHEN (NEW.kind IN ('allotment', 'allotment_cut'))
  EXECUTE FUNCTION grants_budget_allot();
CREATE TRIGGER add_up AFTER INSERT ON grants_budget_budgetentry REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION grants_budget_add_up();
CREATE CONSTRAINT TRIGGER units AFTER INSERT ON grants_budget_budgetline DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION grants_budget_units();
SELECT portal_audit_keep('grants_budget_classificationproposal', 'id', 'line_id', 'whole_call', 'chapter_code',
  'chapter_title', 'section_code', 'section_title', 'item_code', 'item_title', 'activity_code',
  'activity_title', 'expense_code', 'expense_title', 'proposed_by_id', 'proposed_at');
SELECT portal_audit_keep('grants_budget_debtact', 'id', 'programme_code', 'municipality_codes', 'fiscal_year',
  'spent_in', 'limit_amount', 'ground', 'proposed_by_id', 'proposed_at');
"""
GONE = """
DROP FUNCTION grants_budget_add_up() CASCADE;
DROP FUNCTION grants_budget_units() CASCADE;
DROP FUNCTION grants_budget_allot() CASCADE;
DROP FUNCTION grants_budget_vote() CASCADE;
DROP FUNCTION grants_budget_plan() CASCADE;
DROP FUNCTION grants_budget_total() CASCADE;
"""


class Migration(migrations.Migration):
    replaces = [("grants_budget", "0020_months")]
    dependencies = [
        ("grants_budget", "0001_tables"),
        ("grants_programmes", "0001_tables"),
        ("portal_audit", "0002_rules"),
    ]
    operations = [migrations.RunSQL(ADD_UP + RULES, GONE)]
