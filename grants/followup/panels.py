"""What the case page shows of reports to come, filings, assets and signals, and how far along its
road the case is.
"""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.awards.models import award_of, awards_of
from grants.awards.states import AwardState
from grants.completion.models import CompletionReport
from grants.completion.turns import reports_of
from grants.followup import dealings, lateness, signals
from grants.followup import filing as writing
from grants.followup.models import Asset, Dismissal, named
from grants.followup.states import FilingState
from grants.followup.turns import filings_of, set_aside_of
from portal.accounts.models import User
from portal.accounts.permissions import stands_for_applicant
from portal.cases import visibility
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.together import together
from portal.types import Context, Text

assets_of = OfCase(Asset.objects.all, "award__case")
READS = (awards_of, filings_of, assets_of)
READS_OF_SIGNALS = (reports_of, filings_of, set_aside_of, dealings.partners_of)


def reached(case: Case) -> tuple[int, Text] | None:
    """After the money came, the road ends; what is still to be reported is said."""
    award = award_of(case) if case.state == ApplicationState.AWARDED else None
    if (
        award is None
        or award.state != AwardState.CLOSED
        or not writing.still_wanted(award, filings_of.all(case))
    ):
        return None
    return 8, _(
        "補助金を振り込みました。あとは、使い続けていることと効果を、期日ごとにお知らせください。"
    )


def of_case(case: Case, user: User) -> Context | None:
    if case.state != ApplicationState.AWARDED:
        return None
    award = award_of(case)
    if award is None:
        return None
    writes = stands_for_applicant(user, case)
    filings = [row for row in filings_of.all(case) if writes or row.state != FilingState.DRAFT]
    begun = {(row.kind, row.period) for row in filings_of.all(case)}
    coming = [row for row in writing.wanted(award) if (row.kind, row.period) not in begun]
    assets = len(assets_of.all(case))
    if not (filings or coming or assets):
        return None
    return {
        "filings": filings,
        "assets": assets,
        "coming": [{"wanted": row, "name": named(row.kind, row.period)} for row in coming],
        "may_start": writes,
    }


def of_signals(case: Case, user: User) -> Context | None:
    """The signals of a case and whether the person may set them aside; for the office alone."""
    found = signals_of(case)
    if found is None:
        return None
    return {"rows": found, "may": visibility.sees_as(user, case, *writing.SETTING_ASIDE)}


def signals_of(case: Case) -> list[tuple[signals.Signal, Dismissal | None]] | None:
    """The signals of a case, each with what set it aside: from the report's arrival on, all; before,
    what the application's IT partner gives, and None where it gives nothing.
    """
    report = reports_of.first(case) if case.state == ApplicationState.AWARDED else None
    if report is None or not report.content:
        found = _early(dealings.partners_of.all(case))
        return _judged(found, set_aside_of.all(case)) if found else None
    found = signals.signals(signals.picture(report))
    if days := lateness.late(report.award, lambda: filings_of.all(case)):
        found.append(lateness.signal(*days))
    return _judged(found, set_aside_of.all(case))


def _judged(
    found: Sequence[signals.Signal], set_aside: Iterable[Dismissal]
) -> list[tuple[signals.Signal, Dismissal | None]]:
    by_key = {row.signal: row for row in set_aside}
    return [(row, by_key.get(row.key)) for row in found]


def _early(named: Iterable[Application]) -> list[signals.Signal]:
    """What is known of an IT partner before anything was bought from it."""
    items = [
        signals.Bought(0, name, 0, other_applicants=n) for name, n in map(dealings.told, named)
    ]
    return signals.many_cases(signals.Picture("", "", items))


def concerns_of(user: User, cases: Sequence[Case]) -> dict[int, list[str]]:
    """The signals of cases that nobody has set aside, as whoever decides about them reads them."""
    handed_in = CompletionReport.objects.filter(case__in=cases).exclude(content={})
    with together() as ask:
        reported = ask(handed_in.values_list("case", flat=True))
        named = dealings.partners_of.asked(cases, ask)
    early = {row.case_id: found for row in named if (found := _early([row]))}
    return {
        case.pk: [row.why for row, set_aside in signals_of(case) or [] if set_aside is None]
        for case in cases
        if (case.pk in reported or case.pk in early)
        and visibility.reads(user, case, visibility.WATCHERS)
    }
