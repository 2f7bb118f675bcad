"""What the office's figures ask of an award's application, firm and book, and what of its money was carried
over and may still be paid, is copied to the award, by the database alone: when an award is written, and
whenever one of them says otherwise (`grants.awards.carried`, `grants.budget.carrying`).

Whoever writes a new award waits for who changes its firm: that one cannot see it yet."""

from django.db import migrations

RULES = r"""
CREATE FUNCTION grants_awards_carry() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE a grants_awards_award := NEW;
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM 1 FROM portal_cases_case c JOIN portal_accounts_organisation o ON o.id = c.organisation_id
      WHERE c.id = NEW.case_id FOR SHARE;
  END IF;
  NEW.of_call_id := (SELECT call_id FROM grants_applications_application WHERE id = a.application_id);
  NEW.of_person := (SELECT o.kind = 'sole_proprietor' FROM portal_cases_case c JOIN portal_accounts_organisation o
    ON o.id = c.organisation_id WHERE c.id = a.case_id);
  NEW.paid := (
SELECT coalesce(sum(CASE WHEN e.kind IN ('disbursement', 'return_undone') THEN e.amount
  ELSE -e.amount END), 0)
FROM grants_budget_budgetentry e JOIN grants_budget_budgetline l ON l.id = e.line_id
WHERE e.case_id = a.case_id AND e.kind IN ('disbursement', 'return_undone', 'return', 'reversal') AND l.unit = 'yen'
);
  NEW.given_back := (
SELECT coalesce(sum(e.amount), 0)
FROM grants_budget_budgetentry e JOIN grants_budget_budgetline l ON l.id = e.line_id
WHERE e.case_id = a.case_id AND e.kind = 'decommitment' AND l.unit = 'yen'
);
  NEW.left_over := NULL;
  NEW.left_again := NULL;
  IF EXISTS (
    SELECT FROM grants_budget_budgetentry e JOIN grants_budget_budgetline l ON l.id = e.line_id
    WHERE e.case_id = NEW.case_id AND e.kind IN ('carry_over', 'accident', 'carry_again') AND l.unit = 'yen'
  ) THEN
    SELECT found.* INTO NEW.left_over, NEW.left_again FROM (
SELECT greatest(least(let_over, committed) - (paid_over - least(0, least_over)), 0),
  greatest(least(let_again, let_over, committed) - (paid_again - least(0, least_again)), 0)
FROM (
  SELECT coalesce(sum(amount) FILTER (WHERE kind IN ('carry_over', 'accident')), 0) AS let_over,
    coalesce(sum(amount) FILTER (WHERE kind = 'carry_again'), 0) AS let_again,
    coalesce(sum(CASE WHEN kind IN ('commitment', 'return_undone') THEN amount
      WHEN kind = 'decommitment' THEN -amount END), 0) AS committed,
    coalesce(sum(over), 0) AS paid_over, coalesce(min(since_over), 0) AS least_over,
    coalesce(sum(again), 0) AS paid_again, coalesce(min(since_again), 0) AS least_again
  FROM (
    SELECT kind, amount, over, again, sum(over) OVER (ORDER BY id) AS since_over,
      sum(again) OVER (ORDER BY id) AS since_again
    FROM (
      SELECT e.id, e.kind, e.amount,
        moved.yen * (e.booked_at >= make_timestamptz(l.fiscal_year + 1, 6, 1, 0, 0, 0, 'Asia/Tokyo'))::int AS over,
        moved.yen * (e.booked_at >= make_timestamptz(l.fiscal_year + 2, 6, 1, 0, 0, 0, 'Asia/Tokyo'))::int AS again
      FROM grants_budget_budgetentry e JOIN grants_budget_budgetline l ON l.id = e.line_id,
      LATERAL (
        SELECT CASE WHEN e.kind IN ('disbursement', 'return_undone') THEN e.amount
          WHEN e.kind IN ('return', 'reversal') THEN -e.amount ELSE 0 END AS yen
      ) AS moved
      WHERE e.case_id = a.case_id AND l.unit = 'yen'
    ) AS booked
  ) AS walked
) AS sums
) AS found;
  END IF;
  RETURN NEW;
END
$$;
CREATE FUNCTION grants_awards_carry_anew() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'UPDATE grants_awards_award SET frame = frame WHERE ' || TG_ARGV[0] USING NEW;
  RETURN NULL;
END
$$;
CREATE TRIGGER carried_to_award AFTER UPDATE OF call_id ON grants_applications_application
  FOR EACH ROW WHEN (OLD.call_id <> NEW.call_id)
  EXECUTE FUNCTION grants_awards_carry_anew('application_id = $1.id');
CREATE TRIGGER carry BEFORE INSERT OR UPDATE ON grants_awards_award
  FOR EACH ROW EXECUTE FUNCTION grants_awards_carry();
CREATE TRIGGER carried_to_award AFTER INSERT ON grants_budget_budgetentry
  FOR EACH ROW WHEN (NEW.kind IN ('disbursement', 'return_undone', 'return', 'reversal') OR NEW.kind =
    'decommitment' OR NEW.kind = 'commitment' OR NEW.kind IN ('carry_over', 'accident', 'carry_again'))
  EXECUTE FUNCTION grants_awards_carry_anew('case_id = $1.case_id');
CREATE TRIGGER carried_to_award AFTER UPDATE OF kind ON portal_accounts_organisation
  FOR EACH ROW WHEN (OLD.kind <> NEW.kind)
  EXECUTE FUNCTION
    grants_awards_carry_anew('case_id IN (SELECT id FROM portal_cases_case WHERE organisation_id = $1.id)');
CREATE TRIGGER carried_to_award AFTER UPDATE OF organisation_id ON portal_cases_case
  FOR EACH ROW WHEN (OLD.organisation_id <> NEW.organisation_id)
  EXECUTE FUNCTION grants_awards_carry_anew('case_id = $1.id');
"""
GONE = """
DROP FUNCTION grants_awards_carry_anew() CASCADE;
DROP FUNCTION grants_awards_carry() CASCADE;
"""


class Migration(migrations.Migration):
    replaces = [("grants_awards", "0010_left_over")]
    dependencies = [
        ("grants_awards", "0001_tables"),
        ("grants_applications", "0001_tables"),
        ("grants_budget", "0001_tables"),
        ("portal_accounts", "0001_tables"),
        ("portal_cases", "0001_tables"),
    ]
    operations = [migrations.RunSQL(RULES, GONE)]
