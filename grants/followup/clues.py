"""Cases are found by their clues (`signals`), which are kept for it: written anew whenever something was
done in a case, and every night, since what others do makes clues, too.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from django import forms
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.completion.models import CompletionReport
from grants.followup import filing, panels, signals
from grants.followup.forms import DismissForm
from grants.followup.models import Clue
from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.cases import interests, visibility
from portal.cases.models import Case, CaseQuerySet
from portal.cases.ports import BulkAct, CaseFilterPart, Look
from portal.types import Given, Sent
from portal.ui.forms import offer_choices
from portal.workflow.errors import NotReady

AT_ONCE = 200
RIGHT = office(*filing.SETTING_ASIDE)


def _watched() -> CaseQuerySet:
    """Cases that can have a clue."""
    reported = CompletionReport.objects.filter(case=OuterRef("pk")).exclude(content={})
    named = Application.objects.filter(case=OuterRef("pk")).exclude(partner_key="")
    return Case.objects.filter(Exists(reported) | Exists(named), disposed_on=None)


def look_over(keys: Collection[int]) -> None:
    """Write the clues of these cases anew."""
    for case in _watched().filter(pk__in=keys).select_related("organisation"):
        _keep(case, {row.key[:300] for row, _set_aside in panels.signals_of(case) or []})


@transaction.atomic
def _keep(case: Case, found: set[str]) -> None:
    kept = Clue.objects.filter(case=case)
    known = set(kept.values_list("signal", flat=True))
    kept.filter(signal__in=known - found).delete()
    new = [Clue(case=case, signal=signal) for signal in sorted(found - known)]
    Clue.objects.bulk_create(new, ignore_conflicts=True)


def look_over_all() -> None:
    """Every case that is not over."""
    keys = list(_watched().filter(closed_at=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        look_over(keys[start : start + AT_ONCE])


def erase(case: Case) -> None:
    Clue.objects.filter(case=case).delete()


OPEN_CLUE = CaseFilterPart(
    field=lambda: forms.BooleanField(label=_lazy("手がかりのある案件だけ"), required=False),
    cases=lambda _wanted: Q(pk__in=Clue.objects.open().values("case")),
    readers=visibility.WATCHERS,
)


# -- set aside for several cases -------------------------------------------------------------------
class SetAsideForm(DismissForm):
    """Which clue of a vendor, and the one reason."""

    field_order = ("clue", "reason")
    clue = forms.ChoiceField(label=_lazy("手がかり"))

    def __init__(self, data: Sent, cases: Sequence[Case], by: User) -> None:
        super().__init__(data)
        interests.fill(by, list(cases))
        may = [case for case in cases if not RIGHT.reasons(by, case)]
        found = Counter(signal for held in _of_vendors(may).values() for signal in held)
        named = [(signal, _said(signal, n)) for signal, n in found.most_common()]
        offer_choices(self, "clue", [("", _lazy("選んでください")), *named])


def _said(signal: str, n: int) -> str:
    kind, _colon, vendor = signal.partition(":")
    named = {"kind": signals.OF_VENDOR[kind], "vendor": vendor, "n": n}
    return _("%(kind)s：%(vendor)s（%(n)s件）") % named


def _of_vendors(cases: Sequence[Case]) -> dict[int, set[str]]:
    """Case → its open clues that are about a vendor. One query."""
    found: dict[int, set[str]] = {case.pk: set() for case in cases}
    rows = Clue.objects.open().filter(case__in=[*found])
    for pk, signal in rows.values_list("case", "signal"):
        if signal.partition(":")[0] in signals.OF_VENDOR:
            found[pk].add(signal)
    return found


def _look(by: User, cases: Sequence[Case], given: Given | None) -> dict[int, Look]:
    interests.fill(by, list(cases))
    there = _of_vendors(cases)

    def reasons(case: Case) -> list[str]:
        if refused := RIGHT.reasons(by, case):
            return refused
        if given is None:
            none = _("発注先の手がかりはありません。")
            return [] if there[case.pk] else [none]
        return [] if given["clue"] in there[case.pk] else [_("この手がかりはありません。")]

    return {case.pk: Look(seen="", reasons=reasons(case)) for case in cases}


def _set_aside(case: Case, by: User, given: Given) -> None:
    """A clue that is kept may have gone since: what the page of the case tells no more is not set aside."""
    open_now = {row.key[:300] for row, done in panels.signals_of(case) or [] if done is None}
    if given["clue"] not in open_now:
        raise NotReady(_("この手がかりはありません。"))
    filing.dismiss(case, given["clue"], reason=given["reason"], by=by)


SET_ASIDE = BulkAct(
    label=_lazy("発注先の手がかりを、問題なしとする"),
    look=_look,
    effect=_set_aside,
    form=SetAsideForm,
)
