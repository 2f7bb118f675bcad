"""Whom of the applicant's side a mail about a case reaches: one table for every event."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import Delegation, Membership, User, in_force
from portal.accounts.unproved import is_own_draft
from portal.cases.interests import people_by_case
from portal.cases.models import Case, Turn
from portal.closures import calendars
from portal.correspondence import digests, stopping
from portal.correspondence.kinds import own_way
from portal.correspondence.models import MailChoice
from portal.correspondence.ports import Contact, Named, named_in
from portal.types import Text
from portal.workflow.gathering import Told


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Who of a side hears of every event that its side hears of, and by which way."""

    side: str
    who: Text
    when: Text
    channel: Text


RULES = (
    Rule(
        side="applicant",
        who=_lazy("事業者の手続きをする方"),
        when=_lazy("いつも（事業者の確認が済むまでは、自分たちで書いている下書きについてだけ）"),
        channel=_lazy("登録したアドレスへのメール（本人が選んだ言語）"),
    ),
    Rule(
        side="applicant",
        who=_lazy("代理人"),
        when=_lazy("任されている間、任された制度について"),
        channel=_lazy("登録したアドレスへのメール（本人が選んだ言語）"),
    ),
    Rule(
        side="applicant",
        who=_lazy("申請書の担当者"),
        when=_lazy(
            "提出したあと、申請書で了解を示し、本人が止めていないとき（事業者を離れた方と、任された期間が終わった代理人には送りません）"
        ),
        channel=_lazy("申請書のアドレスへのメール（申請書で選んだ言語）"),
    ),
    Rule(
        side="office",
        who=_lazy("その手番を持つ職員、手番の役割を持つ職員、案件を受け持つ職員"),
        when=_lazy("自分でしたことと、利益相反のある案件を除く"),
        channel=_lazy("メール（まとめて受け取る職員には、期限の近いものを除いて翌朝）"),
    ),
)


@dataclass(frozen=True)
class Readers:
    """People of the firms, and what their cases name."""

    people: dict[int, list[tuple[str, User]]]
    named: dict[int, Named]
    stopped: set[tuple[int, str]]
    chosen: dict[int, MailChoice]

    @classmethod
    def of(cls, cases: Collection[Case]) -> "Readers":
        """A number of queries that grows with the kinds of cases alone; none without any."""
        if not cases:
            return cls({}, {}, set(), {})
        named: dict[int, Named] = {}
        for kind, find in named_in.items():
            if mine := [case for case in cases if case.kind == kind]:
                named |= find(mine)
        people = _people(cases)
        everybody = {person for found in people.values() for _code, person in found}
        chosen = digests.own_choices(everybody)
        stopped = stopping.of_cases(named) | _of_parted(cases, people, named)
        return cls(people, named, stopped, chosen)

    def members_and_advisers(self, case: Case) -> list[User]:
        """Each once."""
        found = (
            person for code, person in self.people[case.pk] if code in ("", case.programme_code)
        )
        return list(dict.fromkeys(found))

    def way(self, told: Told, person: User, turn: Turn | None) -> str:
        """At once, in the morning's digest, or not at all."""
        chosen = self.chosen.get(person.pk)
        due_on = turn.due_on if turn is not None else None
        workdays = calendars.of_case(told.case)
        wished = chosen.own if chosen is not None else {}
        return own_way(wished, told.words.kind, due_on, clock.today(), workdays)

    def contact(self, case: Case) -> Contact | None:
        """Who is named in the form, unless they are one of the people themselves, or were, stopped the
        mails, or the case is closed to its firm.
        """
        found = self.named[case.pk].contact if case.pk in self.named else None
        if found is None or not self.people[case.pk]:
            return None
        address = found.address.lower()
        people = self.members_and_advisers(case)
        is_known = any(person.email.lower() == address for person in people)
        return None if is_known or (case.pk, address) in self.stopped else found


def _of_parted(
    cases: Collection[Case],
    people: Mapping[int, Collection[tuple[str, User]]],
    named: Mapping[int, Named],
) -> set[tuple[int, str]]:
    """(case, address in small letters) of contacts who were of the case's firm, of the one that it
    passed from, or advised it, and do so no longer: whoever parted was told that no mail comes. One
    query where a contact is named, another where one of them has an account.
    """
    contacts = {pk: one.contact.address.lower() for pk, one in named.items() if one.contact}
    if not contacts:
        return set()
    own = User.objects.filter(email__in=set(contacts.values())).values_list("pk", "email")
    confirmed = EmailAddress.objects.filter(verified=True, email__in=set(contacts.values()))
    known = list(own.union(confirmed.values_list("user", "email")))
    if not known:
        return set()
    kin = people_by_case([case for case in cases if case.pk in contacts])
    now = {(person.pk, pk) for pk, found in people.items() for _code, person in found}
    return {
        (pk, address)
        for pk, address in contacts.items()
        for person, theirs in known
        if theirs == address and (person, pk) in kin - now
    }


def _people(cases: Collection[Case]) -> dict[int, list[tuple[str, User]]]:
    """Case → who is written to, each with the programme that a delegation is limited to ("" = all);
    nobody where it is closed to the people of its firm (`kept_from_people`).
    """
    firms = {case.organisation_id for case in cases}
    found: dict[int, list[tuple[str, User]]] = {pk: [] for pk in firms}
    unproved: set[int] = set()
    members = Membership.objects.filter(
        organisation__in=firms, left_at=None, user__is_active=True
    ).select_related("user", "organisation")
    advisers = Delegation.objects.filter(
        in_force(), organisation__in=firms, adviser__is_active=True
    ).select_related("adviser", "organisation")
    acting = [(row.organisation, "", row.user) for row in members.order_by("pk")]
    acting += [
        (row.organisation, row.programme_code, row.adviser) for row in advisers.order_by("pk")
    ]
    for firm, programme, person in acting:
        found[firm.pk].append((programme, person))
        if not firm.is_proved:
            unproved.add(firm.pk)
    return {
        case.pk: found[case.organisation_id]
        if case.organisation_id not in unproved or is_own_draft(case)
        else []
        for case in cases
    }
