"""What the office's figures ask of an award's application, firm and book is copied to the award, by the
database alone: when an award is written, and whenever one of them says otherwise
(`grants.awards.carried`).
"""

import django.db.models.deletion
from django.db import migrations, models

MOVED = "('disbursement', 'return_undone', 'return', 'reversal')"
# of a row of `a`
CALL = "SELECT call_id FROM grants_applications_application WHERE id = a.application_id"
PERSON = (
    "SELECT o.kind = 'sole_proprietor' FROM portal_cases_case c"
    " JOIN portal_accounts_organisation o ON o.id = c.organisation_id WHERE c.id = a.case_id"
)
PAID = f"""
SELECT coalesce(sum(CASE WHEN e.kind IN ('disbursement', 'return_undone') THEN e.amount
  ELSE -e.amount END), 0)
FROM grants_budget_budgetentry e JOIN grants_budget_budgetline l ON l.id = e.line_id
WHERE e.case_id = a.case_id AND e.kind IN {MOVED} AND l.unit = 'yen'
"""
GIVEN_BACK = """
SELECT coalesce(sum(e.amount), 0)
FROM grants_budget_budgetentry e JOIN grants_budget_budgetline l ON l.id = e.line_id
WHERE e.case_id = a.case_id AND e.kind = 'decommitment' AND l.unit = 'yen'
"""
ANEW = (
    f"UPDATE grants_awards_award a SET of_call_id = ({CALL}), of_person = ({PERSON}),"
    f" paid = ({PAID}), given_back = ({GIVEN_BACK})"
)

# whoever writes a new award waits for who changes its firm: that one cannot see it yet
COPIED = f"""
CREATE FUNCTION grants_awards_carry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a grants_awards_award := NEW;
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM 1 FROM portal_cases_case c JOIN portal_accounts_organisation o ON o.id = c.organisation_id
      WHERE c.id = NEW.case_id FOR SHARE;
  END IF;
  NEW.of_call_id := ({CALL});
  NEW.of_person := ({PERSON});
  NEW.paid := ({PAID});
  NEW.given_back := ({GIVEN_BACK});
  RETURN NEW;
END $$;
CREATE TRIGGER carry BEFORE INSERT OR UPDATE ON grants_awards_award
  FOR EACH ROW EXECUTE FUNCTION grants_awards_carry();

CREATE FUNCTION grants_awards_carry_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'UPDATE grants_awards_award SET frame = frame WHERE ' || TG_ARGV[0] USING NEW;
  RETURN NULL;
END $$;
"""
SOURCES = {
    "grants_applications_application": (
        "UPDATE OF call_id",
        "OLD.call_id <> NEW.call_id",
        "application_id = $1.id",
    ),
    "portal_cases_case": (
        "UPDATE OF organisation_id",
        "OLD.organisation_id <> NEW.organisation_id",
        "case_id = $1.id",
    ),
    "portal_accounts_organisation": (
        "UPDATE OF kind",
        "OLD.kind <> NEW.kind",
        "case_id IN (SELECT id FROM portal_cases_case WHERE organisation_id = $1.id)",
    ),
    "grants_budget_budgetentry": (
        "INSERT",
        f"NEW.kind IN {MOVED} OR NEW.kind = 'decommitment'",
        "case_id = $1.case_id",
    ),
}
TRIGGERS = COPIED + "".join(
    f"CREATE TRIGGER carried_to_award AFTER {moment} ON {table} FOR EACH ROW WHEN ({differs})"
    f" EXECUTE FUNCTION grants_awards_carry_anew('{which}');\n"
    for table, (moment, differs, which) in SOURCES.items()
)
GONE = (
    "".join(f"DROP TRIGGER carried_to_award ON {table};\n" for table in SOURCES)
    + "DROP TRIGGER carry ON grants_awards_award;\n"
    "DROP FUNCTION grants_awards_carry_anew(); DROP FUNCTION grants_awards_carry();"
)


def _call(**given):
    return models.ForeignKey(
        db_index=False,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="grants_programmes.call",
        **given,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("grants_applications", "0012_decided"),
        ("grants_awards", "0007_ended_cases"),
        ("grants_budget", "0019_entries_moved"),
        ("portal_cases", "0019_tallies"),
    ]

    operations = [
        migrations.AddField("award", "of_call", _call(null=True)),
        migrations.AddField(
            "award",
            "of_person",
            models.BooleanField(default=False, editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            "award", "paid", models.BigIntegerField(default=0, editable=False)
        ),
        migrations.AddField(
            "award", "given_back", models.BigIntegerField(default=0, editable=False)
        ),
        migrations.RunSQL(f"{ANEW}; SET CONSTRAINTS ALL IMMEDIATE;", migrations.RunSQL.noop),
        migrations.AlterField("award", "of_call", _call()),
        migrations.RunSQL(TRIGGERS, GONE),
        migrations.AddIndex(
            "award",
            models.Index(
                fields=["of_call", "frame", "state", "project_ends_on"],
                include=["payable", "paid"],
                condition=models.Q(
                    payable__gt=models.F("paid"),
                    state__in=("active", "suspended", "amount_fixed"),
                ),
                name="awards_unpaid",
            ),
        ),
        migrations.AddIndex(
            "award",
            models.Index(
                fields=["of_call", "frame", "of_person"],
                include=["awarded_amount", "given_back"],
                condition=models.Q(("state__in", ("withdrawn",)), _negated=True),
                name="awards_decided",
            ),
        ),
    ]
