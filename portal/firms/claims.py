"""Claims on a firm that is registered already, on a number that is wrong, and on a record that was
proved (`records.py`): made, answered by whoever holds the firm, and decided by an officer without an
interest in it.

Where nobody belongs to the firm (it was entered at the counter), what the claimant proves decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from allauth.account.signals import user_logged_in
from allauth.socialaccount.signals import social_account_added, social_account_updated
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts import gbizid, identity, keeping, people, proving, registered, roles
from portal.accounts.models import Delegation, Membership, Organisation, User
from portal.accounts.proving import Holder
from portal.accounts.unproved import kept_from_people
from portal.audit.record import record
from portal.firms import letters, outgoing, proofs
from portal.firms.models import FirmClaim
from portal.firms.ports import erase_drafts
from portal.workflow.door import door, lock, write_to
from portal.workflow.errors import Forbidden, NotReady, Stale
from portal.workflow.outgoing import Wording
from portal.workflow.ports import known_interests

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin

# claims on one firm within a day of which others are written to: the rest stand in the same lists, and
# strangers by the dozen fill nobody's mailbox
MOST_TOLD = 3
# what may be decided about each matter
OUTCOMES = {
    "belongs": ("add", "hand_over", "refuse"),
    "left": ("hand_over", "add", "refuse"),
    "number": ("correct", "refuse"),
    "record": ("adopt", "refuse"),
}


def is_held_unproved(claim: FirmClaim) -> bool:
    """Does somebody beside the claimant hold a firm that nobody has proved?"""
    firm = Organisation.objects.get(pk=claim.organisation_id)
    return (
        not firm.is_proved
        and firm.memberships.filter(left_at=None).exclude(user=claim.person_id).exists()
    )


def outcomes(claim: FirmClaim) -> tuple[str, ...]:
    """What may be decided about a claim. Nobody is added beside people who proved nothing: what one
    shows would prove them all.
    """
    is_open = not is_held_unproved(claim)
    return tuple(name for name in OUTCOMES[claim.matter] if name != "add" or is_open)


class Decision(NamedTuple):
    """`role`: what the claimant becomes; `number`: the right one, where it is corrected."""

    outcome: str
    ground: str
    role: str = "representative"
    number: str = ""


def holders(organisation: Organisation) -> list[User]:
    """Who holds the firm now."""
    members = organisation.memberships.filter(left_at=None).select_related("user")
    return [member.user for member in members.order_by("pk")]


def make(
    organisation: Organisation, *, by: User, matter: str, words: str, right_number: str = ""
) -> FirmClaim:
    """Claim a firm, or say that its number is wrong. Both sides hear of it, and the office.

    Raises NotReady where one's claim is open already, or one holds the firm.
    """
    belongs = by.memberships.filter(organisation=organisation, left_at=None).exists()
    if belongs and matter == "belongs":
        raise NotReady(_("あなたは、この事業者の手続きに加わっています。"))
    if matter == "number" and not belongs:
        raise Forbidden(_("法人番号の誤りは、この事業者の方が申し出てください。"))
    with door(by, [organisation]):
        try:
            with transaction.atomic():
                claim = FirmClaim.objects.create(
                    organisation=organisation,
                    person=by,
                    matter=matter,
                    words=words,
                    right_number=right_number,
                    made_at=clock.now(),
                )
        except IntegrityError as error:
            raise NotReady(
                _("申し出は受け付けてあります。担当が決めるまでお待ちください。")
            ) from error
        note(claim, "claim.make", by, matter=matter)
        write_to(by, claim, outgoing.TO_CLAIMANT["made"])
        if is_told(claim):
            if claim.asks_whose:
                tell_holders(holders(organisation), claim, "made", by)
            write(officers(organisation), claim, outgoing.CLAIM_TO_OFFICE)
    return claim


def is_told(claim: FirmClaim) -> bool:
    """Are others written to about it? Not beyond some on one firm in a day: of what its own people say
    of its record, and of all else, so that the one keeps nobody from hearing of the other.
    """
    since = claim.made_at - timedelta(days=1)
    of_record = Q(matter="record")
    same = of_record if claim.matter == "record" else ~of_record
    return claim.organisation.claims.filter(same, made_at__gt=since).count() <= MOST_TOLD


def write(people_of: list[User], claim: FirmClaim, words: Wording) -> None:
    """Write to each of them but who made it."""
    for person in people_of:
        if person != claim.person:
            write_to(person, claim, words)


def tell_holders(people_of: list[User], claim: FirmClaim, what: str, by: User) -> None:
    """Write to whoever holds the firm beside the claimant; where nobody does, to its address."""
    write(people_of, claim, outgoing.TO_HOLDERS[what])
    if not [person for person in people_of if person != claim.person]:
        letters.tell(claim, what, by=by)


def officers(organisation: Organisation) -> list[User]:
    """Whoever may decide: who keeps the firm, without an interest in it."""
    in_firm = known_interests.value.in_firm
    found = keeping.keepers_of(organisation)
    return [person for person in found if not in_firm(person, organisation)]


def answer(claim: FirmClaim, text: str, *, by: User) -> FirmClaim:
    """What whoever holds the firm says to it."""
    with door(by, [claim]):
        fresh = _open(claim)
        if by not in holders(fresh.organisation):
            raise Forbidden(_("この事業者の方が書いてください。"))
        fresh.answer, fresh.answered_by, fresh.answered_at = text, by, clock.now()
        fresh.save()
        note(fresh, "claim.answer", by)
    return fresh


def withdraw(claim: FirmClaim, *, by: User) -> FirmClaim:
    if claim.person_id != by.pk:
        raise Forbidden(_("申し出た方が取り下げてください。"))
    with door(by, [claim]):
        return close(_open(claim), "withdraw", by, "")


def shown(claim: FirmClaim, how: str, *, by: User) -> FirmClaim:
    """The claimant has proved by GビズID or by letter that they stand for the firm.

    Where nobody holds the firm, nor proved it before, they are its representative from now on; else an
    officer decides, and of a proved firm two, after the days of `passing`.
    """
    with _leaving_no_drafts(claim.organisation), door(by, [claim.organisation, claim]):
        fresh = _open(claim)
        fresh.proved_how = how
        fresh.save()
        note(fresh, "claim.show", by, how=how)
        if not holders(fresh.organisation) and not fresh.organisation.is_proved:
            _join(fresh, "representative", by)
            _prove(fresh, how, by, "")
            close(fresh, "add", by, "")
            write_to(by, fresh, outgoing.TO_CLAIMANT["add"])
            letters.tell(fresh, "add", by=by)
    return fresh


def decide(claim: FirmClaim, decision: Decision, *, by: User) -> FirmClaim:
    """Decide a claim, on a ground. Raises Forbidden, NotReady also where it takes two (passing.py), or
    Stale where somebody else has.
    """
    demand(by, claim, decision)
    with deciding(claim, by=by) as fresh:
        if passes(fresh, decision):
            raise NotReady(_("確認の済んだ事業者がほかの方に移ります。別の担当の確認が要ります。"))
        if fresh.passing is not None:
            raise NotReady(_("確認を待つ提案があります。取り下げてから、決めてください。"))
        return settle(fresh, decision, by=by)


def demand(by: User, claim: FirmClaim, decision: Decision) -> None:
    """Raise Forbidden or NotReady unless this officer may decide this claim in this way."""
    proving.demand_officer(by, claim.organisation)
    if by.pk == claim.person_id:
        raise Forbidden(_("自分の申し出を決めることはできません。"))
    if decision.outcome not in OUTCOMES[claim.matter]:
        raise NotReady(_("この申し出では選べない決め方です。"))


def passes(claim: FirmClaim, decision: Decision) -> bool:
    """Does a proved firm pass to somebody else by it: whole, by its number, or by a representative of
    whom its own know nothing?
    """
    adds = decision.outcome == "add" and decision.role == "representative"
    gives = adds or decision.outcome in ("hand_over", "correct")
    return gives and Organisation.objects.get(pk=claim.organisation_id).is_proved


@contextmanager
def deciding(claim: FirmClaim, *, by: User) -> Iterator[FirmClaim]:
    """The open claim as it is now, with its firm held until the end of the transaction."""
    with _leaving_no_drafts(claim.organisation), door(by, [claim.organisation, claim]):
        yield _open(claim)


def settle(claim: FirmClaim, decision: Decision, *, by: User) -> FirmClaim:
    """Do what was decided, inside `deciding`, and tell both sides. Raises NotReady for what may not be
    decided of the firm as it is now.
    """
    if decision.outcome not in outcomes(claim):
        raise NotReady(
            _(
                "確認の済んでいない方が登録しているので、その方に加えることはできません。申し出た方に引き渡すか、認めないかを選んでください。"
            )
        )
    before = holders(claim.organisation)
    _carry_out(claim, decision, by)
    close(claim, decision.outcome, by, decision.ground)
    own = outgoing.OF_RECORD if claim.matter == "record" else outgoing.TO_CLAIMANT
    write_to(claim.person, claim, own[decision.outcome])
    if claim.matter == "record":
        write(before, claim, own[decision.outcome])
    if claim.asks_whose:
        tell_holders(before, claim, decision.outcome, by)
    return claim


@contextmanager
def _leaving_no_drafts(firm: Organisation) -> Iterator[None]:
    """Around a decision: where it takes a firm from people who were never shown to be it, all of
    them, their drafts are erased with it, so that nobody else reads them (decision 0060).
    """
    with transaction.atomic():
        lock([firm])
        was_proved = Organisation.objects.get(pk=firm.pk).is_proved
        before = {person.pk for person in holders(firm)}
        yield
        now = {person.pk for person in holders(firm)}
        if now and not was_proved and not before & now:
            erase_drafts.value(firm)


def _carry_out(claim: FirmClaim, decision: Decision, by: User) -> None:
    firm, ground = claim.organisation, decision.ground
    if decision.outcome == "hand_over":
        _join(claim, "representative", by)
        _end_others(claim, by)
        _prove(claim, claim.proved_how or "officer", by, ground)
    elif decision.outcome == "add":
        _join(claim, decision.role, by)
        if decision.role == "representative" and claim.proved_how:
            _prove(claim, claim.proved_how, by, ground)
    elif decision.outcome == "correct":
        if not Organisation.objects.get(pk=firm.pk).is_proved:
            _end_others(claim, by)  # the ground is about who said so
        _correct(firm, decision.number, by)
        proving.prove(firm, "officer", by=by, ground=ground, anew=True)
    elif decision.outcome == "adopt":
        fresh = Organisation.objects.get(pk=firm.pk)
        people.update_organisation(fresh, by=by, **identity.columns(claim.proposed))


def _join(claim: FirmClaim, role: str, by: User) -> None:
    firm, person = claim.organisation, claim.person
    there = firm.memberships.filter(user=person, left_at=None).first()
    if there is None:
        Membership.objects.create(user=person, organisation=firm, role=role, joined_at=clock.now())
    elif role == "representative":
        there.role = role
        there.save()
    roles.changed(person)
    note(claim, "organisation.join", by, role=role, person=person.name)


def _end_others(claim: FirmClaim, by: User) -> None:
    """Whoever held the firm goes, with whom they let in; where the representative of a proved firm has
    left, their colleagues stay. Of one that nobody proved, nobody stays: the claimant's proof would
    be theirs.
    """
    firm = claim.organisation
    gone = proving.beside(firm, claim.person)
    if Organisation.objects.get(pk=firm.pk).is_proved:
        gone = _let_in_by(gone, everybody=claim.matter != "left")
    advisers = [row.adviser for row in gone if isinstance(row, Delegation)]
    proofs.end(gone, by=by)
    write(advisers, claim, outgoing.TO_HOLDERS["hand_over"])


def _let_in_by(rows: list[Holder], *, everybody: bool) -> list[Holder]:
    """Those who held a proved firm, or its representatives alone, and the advisers whom they let in."""
    members = [row for row in rows if isinstance(row, Membership)]
    left = [row for row in members if everybody or row.role == "representative"]
    people_of = {row.user_id for row in left}
    advised = [row for row in rows if isinstance(row, Delegation)]
    return [*left, *(row for row in advised if row.granted_by_id in people_of)]


def _prove(claim: FirmClaim, how: str, by: User, ground: str) -> None:
    """Nobody who acted for the firm without proof is left: not an adviser of people long gone either."""
    if not Organisation.objects.get(pk=claim.organisation_id).is_proved:
        _end_others(claim, by)
        proving.prove(claim.organisation, how, by=by, ground=ground)


def _correct(firm: Organisation, number: str, by: User) -> None:
    """Another number, with the name and the address that are registered under it."""
    if Organisation.objects.filter(corporate_number=number).exclude(pk=firm.pk).exists():
        raise NotReady(_("この法人番号は、ほかの事業者で登録されています。"))
    theirs = [case for case in firm.cases.select_related("organisation") if kept_from_people(case)]
    if theirs:
        raise NotReady(
            _(
                "この番号には、窓口で受け付けた申請（%(number)s）があり、番号を改めると一緒に移ります。先に、その申請をした事業者の確認を済ませてください。"
            )
            % {"number": theirs[0]}
        )
    found = registered.of(number)
    known = {} if found is None else registered.columns(found)
    fresh = Organisation.objects.get(pk=firm.pk)
    people.update_organisation(fresh, by=by, corporate_number=number, **known)


def _open(claim: FirmClaim) -> FirmClaim:
    fresh = FirmClaim.objects.select_related("organisation", "person").get(pk=claim.pk)
    if not fresh.is_open:
        raise Stale(_("この申し出は、もう終わっています。"))
    return fresh


def close(claim: FirmClaim, outcome: str, by: User, ground: str) -> FirmClaim:
    claim.outcome, claim.ground = outcome, ground
    claim.decided_by, claim.decided_at = by, clock.now()
    claim.save()
    if (waiting := claim.passing) is not None:
        waiting.outcome = "taken_back"
        waiting.close(by)
    note(claim, f"claim.{outcome}", by, reason=ground)
    return claim


def note(claim: FirmClaim, action: str, by: User, **content: str) -> None:
    subject = f"organisation:{claim.organisation_id}"
    capacity = "office" if by.is_office else by.capacity_for(claim)
    record(chain=subject, action=action, subject=subject, by=by, capacity=capacity, **content)


def listen() -> None:
    """A claim is shown to be right by GビズID whenever its claimant comes in by it."""
    for signal in (user_logged_in, social_account_added, social_account_updated):
        signal.connect(_told, weak=False, dispatch_uid="claim shown by GビズID")


def _told(*, sociallogin: SocialLogin | None = None, **_given: object) -> None:
    if sociallogin is not None and sociallogin.account.provider == gbizid.PROVIDER:
        by_gbizid(sociallogin.user, gbizid.told(sociallogin.account.extra_data))


def by_gbizid(user: User, claims: gbizid.Claims) -> list[FirmClaim]:
    """Note what a GビズID account says about the person's open claims."""
    rows = user.firm_claims.filter(outcome="", proved_how="", matter__in=FirmClaim.WHOSE)
    return [
        shown(claim, "gbizid", by=user)
        for claim in rows.select_related("organisation")
        if gbizid.proves(claims, claim.organisation)
    ]
