"""Conflicts of interest, declared or known to the portal.

One alone forbids every duty of the office in the case.
"""

from collections import defaultdict
from collections.abc import Callable, Collection

from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal.accounts.models import Delegation, Membership, Organisation, User
from portal.audit.record import record
from portal.cases import visibility
from portal.cases.models import Case, Interest
from portal.cases.ports import interest_steps
from portal.together import Ask, together
from portal.workflow.door import touch

SAID = (
    _lazy("利益相反の申告か登録がある案件です。ほかの職員が受け持ちます。"),
    _lazy("申請者の関係者として登録があるため、この案件の職務はできません。"),
    _lazy("申請者の代理人だったことがあるため、この案件の職務はできません。"),
)

OF_FIRM = (
    _lazy("この事業者の案件に、利益相反の申告か登録があります。ほかの職員が受け持ちます。"),
    _lazy("この事業者の関係者として登録があるため、この職務はできません。"),
    _lazy("この事業者の代理人だったことがあるため、この職務はできません。"),
)

AMONG = _lazy(
    "この操作が関わる案件の中に、利益相反のあるもの（申告した案件か、関係者や代理人として登録のある事業者の案件）があります。ほかの職員が行います。"
)

FORMER = gettext_noop("前の事業者の関係者")


def known(user: User, case: Case) -> list[str]:
    """Why this person has an interest in the case; empty when none is known.

    One query, or none once `fill` or `keep` was asked.
    """
    if case.interests_of is not None and case.interests_of[0] == user.pk:
        return [str(sentence) for sentence in case.interests_of[1]]
    found = User.objects.filter(pk=user.pk).values_list(
        Exists(Interest.objects.filter(person=user, case=case)),
        Exists(Membership.objects.filter(user=user, organisation=case.organisation_id)),
        Exists(Delegation.objects.filter(adviser=user, organisation=case.organisation_id)),
    )
    return [
        str(sentence) for row in found for is_so, sentence in zip(row, SAID, strict=True) if is_so
    ]


def in_firm(user: User, organisation: Organisation) -> list[str]:
    """The person's interests in a firm: what is known of the two, and what was declared in any case
    of it.
    """
    found = User.objects.filter(pk=user.pk).values_list(
        Exists(Interest.objects.filter(person=user, case__organisation=organisation)),
        Exists(Membership.objects.filter(user=user, organisation=organisation)),
        Exists(Delegation.objects.filter(adviser=user, organisation=organisation)),
    )
    return [
        str(sentence)
        for row in found
        for is_so, sentence in zip(row, OF_FIRM, strict=True)
        if is_so
    ]


def among(user: User, cases: QuerySet[Case]) -> list[str]:
    """Whether the person has an interest in any of many cases; it is not said in which.

    One query.
    """
    return [str(AMONG)] if cases.filter(visibility.interested(user)).exists() else []


def people(cases: Collection[Case]) -> set[int]:
    """Primary keys of everybody with a known or declared interest in any of `cases`."""
    firms = {case.organisation_id for case in cases}
    declared = Interest.objects.filter(case__in=[case.pk for case in cases]).values_list(
        "person", flat=True
    )
    members = Membership.objects.filter(organisation__in=firms).values_list("user", flat=True)
    advisers = Delegation.objects.filter(organisation__in=firms).values_list("adviser", flat=True)
    return set(declared.union(members, advisers))


def people_by_case(cases: Collection[Case]) -> set[tuple[int, int]]:
    """(person, case) of every known or declared interest in any of `cases`; one query."""
    with together() as ask:
        found = asked_by_case(ask, cases)
    return found()


def asked_by_case(ask: Ask, cases: Collection[Case]) -> Callable[[], set[tuple[int, int]]]:
    """The same, said at the end of what is asked together."""
    firms = {case.organisation_id for case in cases}
    members = Membership.objects.filter(organisation__in=firms)
    advisers = Delegation.objects.filter(organisation__in=firms)
    declared = Interest.objects.filter(case__in=[case.pk for case in cases])
    belongs = ask(members.values_list("user", "organisation"))
    advised = ask(advisers.values_list("adviser", "organisation"))
    found = ask(declared.values_list("person", "case"))

    def said() -> set[tuple[int, int]]:
        of_firm = defaultdict(set)
        for person, firm in (*belongs, *advised):
            of_firm[firm].add(person)
        kin = {(who, case.pk) for case in cases for who in of_firm[case.organisation_id]}
        return kin.union(found)

    return said


def fill(user: User, cases: list[Case]) -> None:
    """Find the person's interests in all `cases` at once, and keep them with each for `known`."""
    interests = Interest.objects.filter(person=user, case__in=cases)
    memberships = Membership.objects.filter(user=user)
    delegations = Delegation.objects.filter(adviser=user)
    with together() as ask:
        declared = ask(interests.values_list("case_id", flat=True))
        belongs = ask(memberships.values_list("organisation_id", flat=True))
        advised = ask(delegations.values_list("organisation_id", flat=True))
    for case in cases:
        so = (case.pk in declared, case.organisation_id in belongs, case.organisation_id in advised)
        case.interests_of = (user.pk, [text for is_so, text in zip(so, SAID, strict=True) if is_so])


@transaction.atomic
def declare(case: Case, *, by: User, detail: str) -> Interest:
    found, made = Interest.objects.get_or_create(person=by, case=case, defaults={"detail": detail})
    case.interests_of = None  # what was found before no longer holds
    if made:
        touch(case)  # whoever has an interest stands in for nobody
        record(
            chain=f"case:{case.pk}",
            action="interest.declare",
            label=gettext_noop("利益相反を申告しました"),
            subject=f"person:{by.pk}",
            by=by,
            capacity="office",
            detail=detail,
        )
    return found


@transaction.atomic
def step_back(case: Case, *, by: User, detail: str) -> None:
    """Declare an interest, and let each room end what the person has in hand or has done that
    nothing rests on yet.
    """
    for end in interest_steps.values():
        end(case, by, detail)
    declare(case, by=by, detail=detail)


@transaction.atomic
def pass_to(case: Case, firm: Organisation) -> None:
    """The one way by which a case changes its firm: whoever is or was of the firm until now, or
    advised it, keeps their interest in the case.
    """
    Interest.objects.bulk_create(
        [Interest(person_id=pk, case=case, detail=FORMER) for pk in sorted(people([case]))],
        ignore_conflicts=True,  # what was declared stands
    )
    case.organisation = firm
    case.interests_of = None
    case.save()
