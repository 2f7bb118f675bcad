"""A back-test over the whole year: a revision that changes nothing brings exactly what was decided."""

from collections import Counter

from grants.applications import drafts
from grants.applications.said_facts import of_version
from grants.backtest import cases, telling
from grants.programmes.models import Programme
from portal.accounts.models import User
from reports.statistics.models import Release


def pasts(code: str) -> list[cases.Past]:
    """Each call under its own rules."""
    calls = cases.calls_of(code)
    by = User.objects.get(email="mizuno@demo.example")
    return [past for call in calls for past in cases.run([call], call.stated, by)]


def test_rules_that_stay_bring_what_was_decided(year: Release) -> None:
    seen: Counter[str] = Counter()
    for code in set(Programme.objects.values_list("code", flat=True)):
        for past in pasts(code):
            for application, one in past.rows:
                stated = application.stated
                wanted = "open" if one.case.decided == "open" else "same"
                assert one.change == wanted, application
                assert one.case.decided == "open" or one.amount == one.case.awarded, application
                if one.is_otherwise:
                    assert "当時は" in telling.reasons(one, stated, past.call.stated)[-1]
                seen[f"{one.case.decided} {one.then.result}"] += 1
    assert seen["in in"] > 10


def test_what_was_frozen_says_the_same_as_what_was_typed(year: Release) -> None:
    found = 0
    for code in ("telework", "dx_creation"):
        for past in pasts(code):
            for application, _one in past.rows:
                content = application.last_version.content  # type: ignore[union-attr]
                told = of_version(content["organisation"], content["eligibility"])
                assert told == drafts.facts(application)
                found += 1
    assert found
