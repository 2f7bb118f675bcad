"""Whoever is or was of the firm from which a case passed to another, or advised it, keeps their
interest in the case. The record says the number of that firm.
"""

from django.db import migrations

DETAIL = "前の事業者の関係者"


def keep(apps, _editor):
    events = apps.get_model("portal_audit", "Event").objects.filter(action="award.succeed")
    firms = apps.get_model("portal_accounts", "Organisation").objects
    members = apps.get_model("portal_accounts", "Membership").objects
    advisers = apps.get_model("portal_accounts", "Delegation").objects
    cases = apps.get_model("portal_cases", "Case").objects
    interests = apps.get_model("portal_cases", "Interest")
    for chain, number in events.exclude(before="").values_list("chain", "before"):
        case = cases.filter(pk=int(chain.removeprefix("case:"))).first()
        firm = firms.filter(corporate_number=number).first()
        if case is None or firm is None or case.disposed_on is not None:
            continue
        people = {
            *members.filter(organisation=firm).values_list("user", flat=True),
            *advisers.filter(organisation=firm).values_list("adviser", flat=True),
        }
        interests.objects.bulk_create(
            [interests(person_id=pk, case=case, detail=DETAIL) for pk in sorted(people)],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):

    dependencies = [
        ("portal_accounts", "0004_lists_by_trade_and_seat"),
        ("portal_cases", "0005_called_by_its_number"),
        ("grants_awards", "0003_orders"),
        ("portal_audit", "0002_rules"),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
