"""What the case shows of reports to come, filings and assets;
whose turn they make it; and who may open what.
"""

from datetime import date

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications.states import ApplicationState
from grants.awards.models import award_of, awards_of
from grants.awards.states import ON_COURSE, AwardState
from grants.completion.models import CompletionReport
from grants.followup import filing as writing
from grants.followup import signals
from grants.followup.models import Asset, Dismissal, Filing, named
from grants.followup.states import FilingState
from portal import fiscal
from portal.accounts.models import User
from portal.accounts.permissions import stands_for_applicant
from portal.approvals.turns import is_live, live_items
from portal.cases.found import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.types import Context, Given, Text
from portal.ui.templatetags.ui import full_day

WRITE = {
    "progress": gettext_noop("状況を報告する"),
    "use": gettext_noop("利用状況を報告する"),
    "effect": gettext_noop("事業の効果を報告する"),
    "vat": gettext_noop("消費税仕入控除税額を報告する"),
    "disposal": gettext_noop("財産処分の申請を仕上げる"),
}


filings_of = OfCase(
    lambda: Filing.objects.select_related(
        "award__application__call", "award__completion_report", "case__organisation", "asset"
    )
)


def turns_of(case: Case) -> list[TurnWanted]:
    if case.state != ApplicationState.AWARDED:
        return []
    award = award_of(case)
    if award is None or award.state not in ON_COURSE:
        return []
    filings = filings_of.all(case)
    found = [turn for row in filings for turn in _turn_of(case, row)]
    # one at a time: the others are not due before it
    for row in writing.still_wanted(award, filings)[:1]:
        found.append(TurnWanted("applicant", WRITE[row.kind], due_on=row.due_on, obj=award))
    return found


SOURCE = TurnSource(turns=turns_of, reads=(awards_of, filings_of, live_items))


def _turn_of(case: Case, row: Filing) -> list[TurnWanted]:
    if row.state in Filing.EDITABLE:
        return [
            TurnWanted("applicant", WRITE[row.kind], due_on=row.correct_by or row.due_on, obj=row)
        ]
    if row.state != FilingState.SUBMITTED or is_live(case):
        return []
    since = row.state_day
    by_act = row.kind == "disposal" or bool(row.refund)
    what = gettext_noop("報告・申請について起案する") if by_act else gettext_noop("報告を確かめる")
    return [
        TurnWanted(
            "office",
            what,
            role="programme_officer",
            person=case.assigned_to,
            due_on=fiscal.add_business_days(since, 10),
            obj=row,
        )
    ]


def later(case: Case) -> tuple[int, Text] | None:
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


def panel(case: Case, user: User) -> Context | None:
    if case.state != ApplicationState.AWARDED:
        return None
    award = award_of(case)
    if award is None:
        return None
    writes = stands_for_applicant(user, case)
    filings = [row for row in filings_of.all(case) if writes or row.state != FilingState.DRAFT]
    begun = {(row.kind, row.period) for row in filings_of.all(case)}
    coming = [row for row in writing.wanted(award) if (row.kind, row.period) not in begun]
    assets = Asset.objects.filter(award=award).count()
    if not (filings or coming or assets):
        return None
    return {
        "filings": filings,
        "assets": assets,
        "coming": [{"wanted": row, "name": named(row.kind, row.period)} for row in coming],
        "may_start": writes,
    }


def watched(case: Case, user: User) -> Context | None:
    """The signals of a case and whether the person may set them aside; for the office alone."""
    found = noticed(case)
    if found is None:
        return None
    return {"rows": found, "may": user.has_role("programme_officer", "inspector")}


def noticed(case: Case) -> list[tuple[signals.Signal, Dismissal | None]] | None:
    """The signals of a case, from the report's arrival on, each with what set it aside."""
    if case.state != ApplicationState.AWARDED:
        return None
    report = (
        CompletionReport.objects.filter(case=case)
        .exclude(content={})
        .select_related("case__organisation")
        .first()
    )
    if report is None:
        return None
    found = signals.signals(signals.picture(report))
    set_aside = {row.signal: row for row in case.dismissals.select_related("made_by")}
    return [(row, set_aside.get(row.key)) for row in found]


def answers(filing: Filing) -> list[tuple[str, str]]:
    """(label, answer) of what was submitted, in the reader's language."""
    return _read(writing.form_of(filing), filing.content)


def typed_answers(filing: Filing) -> list[tuple[str, str]]:
    """The same of what would be submitted now; nothing while it cannot be read."""
    form = writing.form_of(filing)
    return _read(form, writing.plain_of(form)) if form.is_bound and form.is_valid() else []


def _read(form: forms.Form, content: Given) -> list[tuple[str, str]]:
    found = []
    for name, field in form.fields.items():
        value = content.get(name)
        if value in (None, ""):
            continue
        if isinstance(field, forms.ChoiceField):
            # pairs: none of these forms groups its choices
            text = str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        elif isinstance(value, int):
            text = f"{value:,}"
        else:
            text = (
                full_day(date.fromisoformat(value))
                if name in ("on", "ends_on", "stopped_on", "closed_on", "filed_on")
                else str(value)
            )
        found.append((str(field.label), text))
    return found


def load(user: User, pk: int) -> Filing:
    cases = Case.objects.visible_to(user)
    rows = Filing.objects.select_related(
        "award__application__call", "award__completion_report", "case__organisation", "asset"
    )
    filing = get_object_or_404(rows, pk=pk, case__in=cases)
    if filing.state == FilingState.DRAFT and not stands_for_applicant(user, filing.case):
        raise Http404
    return filing


def keep_until(case: Case) -> date | None:
    """As long as a report is still to come or an asset is restricted."""
    award = award_of(case) if case.state == ApplicationState.AWARDED else None
    if award is None:
        return None
    if (
        writing.still_wanted(award, filings_of.all(case))
        or Filing.objects.filter(case=case, state__in=Filing.LIVE).exists()
    ):
        return date.max
    return max(
        (asset.restricted_until for asset in Asset.objects.filter(award=award, disposed_on=None)),
        default=None,
    )
