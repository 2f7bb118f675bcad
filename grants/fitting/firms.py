"""What the portal knows of firms for the fit of calls, for many at once; and whose firms they are."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.awards.states import AwardState
from grants.fitting.fit import Firm
from grants.fitting.models import Aims
from grants.programmes.eligibility import Facts
from portal.accounts.models import Delegation, Membership, Organisation, User, in_force
from portal.accounts.unproved import OPEN_TO_PEOPLE
from portal.cases.models import Case

# an award that ended so is none that was had
NOT_HAD = (AwardState.WITHDRAWN, AwardState.CANCELLED)


def of(user: User) -> "QuerySet[Organisation]":
    """The firms that the person belongs to or advises in all matters."""
    rows = Organisation.objects.filter(_theirs(user))
    return rows.select_related("area").order_by("name", "pk")


def firm_for(user: User, pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.filter(_theirs(user)), pk=pk)


def _theirs(user: User) -> Q:
    """Whoever advises in one programme alone reads nothing of the others."""
    members = Membership.objects.filter(user=user, left_at=None)
    advised = Delegation.objects.filter(in_force(), adviser=user, programme_code="")
    return Q(pk__in=members.values("organisation")) | Q(pk__in=advised.values("organisation"))


def known(firms: Collection[Organisation]) -> dict[int, Firm]:
    """Each firm by primary key: two queries, however many they are.

    Of cases, what is open to the people of the firm: of one that nobody proved, their own drafts.
    """
    aims = dict(Aims.objects.filter(organisation__in=firms).values_list("organisation", "topics"))
    had: defaultdict[int, set[str]] = defaultdict(set)
    applied: defaultdict[int, set[int]] = defaultdict(set)
    drafts: defaultdict[int, dict[int, str]] = defaultdict(dict)
    cases = Case.objects.filter(OPEN_TO_PEOPLE, organisation__in=firms)
    rows = Application.objects.filter(case__in=cases.values("pk")).values_list(
        "case__organisation",
        "case__number",
        "call",
        "call__programme__code",
        "state",
        "award_row__state",
    )
    for firm, number, call, code, state, award in rows:
        if state == ApplicationState.DRAFT:
            drafts[firm][call] = number
        elif state in Application.LIVE or state == ApplicationState.AWARDED:
            applied[firm].add(call)
        if state == ApplicationState.AWARDED and award not in NOT_HAD:
            had[firm].add(code)
    return {
        firm.pk: Firm(
            facts=_facts(firm),
            aims=frozenset(aims.get(firm.pk, ())),
            had=frozenset(had[firm.pk]),
            applied=frozenset(applied[firm.pk]),
            drafts=drafts[firm.pk],
        )
        for firm in firms
    }


def _facts(firm: Organisation) -> Facts:
    return Facts(
        kind=firm.kind,
        area=firm.area.code if firm.area else None,
        municipality=firm.seat.municipality,
        sapporo_office=firm.has_sapporo_office,
        industry=firm.industry_id,
        capital=firm.capital,
        employees=firm.employees,
    )
