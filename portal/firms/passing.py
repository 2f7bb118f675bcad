"""A proved firm passes to somebody else: one officer proposes it, its representatives hear of it and have
days to object, another officer confirms it. An objection stops it, and the claim is back on the desk.

Why so: docs/decisions/0072.
"""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock
from portal.accounts import security
from portal.accounts.models import Membership, User
from portal.accounts.ports import send_mail
from portal.days import day_said
from portal.firms import claims, letters, outgoing
from portal.firms.claims import Decision
from portal.firms.models import FirmClaim, Passing
from portal.workflow.door import write_to
from portal.workflow.errors import Forbidden, NotReady

DAYS = 7  # after the proposal, for the representatives to answer


def decide(claim: FirmClaim, decision: Decision, *, by: User) -> FirmClaim | Passing:
    """Decide a claim, or propose to, where it takes two. Raises as `claims.decide` does."""
    if not claims.passes(claim, decision):
        return claims.decide(claim, decision, by=by)
    claims.demand(by, claim, decision)
    with claims.deciding(claim, by=by) as fresh:
        if fresh.passing is not None:
            raise NotReady(_("確認を待つ提案があります。取り下げてから、決めてください。"))
        made = Passing.objects.create(
            claim=fresh,
            decision=decision.outcome,
            role=decision.role,
            number=decision.number,
            ground=decision.ground,
            proposed_by=by,
            proposed_at=clock.now(),
            answer_by=clock.today() + timedelta(days=DAYS),
        )
        claims.note(fresh, "claim.propose", by, outcome=decision.outcome, reason=decision.ground)
        write_to(fresh.person, fresh, outgoing.TO_CLAIMANT["proposed"], day=made.answer_by)
        speaking = list(_speaking(fresh))
        for row in speaking:
            write_to(row.user, made, outgoing.TO_HOLDERS["proposed"], day=made.answer_by)
            _tell_before(row.user, made)
        if not speaking:
            letters.tell(fresh, "proposed", by=by, until=made.answer_by)
        for person in claims.officers(fresh.organisation):
            if made.is_anothers(person):
                write_to(person, fresh, outgoing.PASSING_TO_OFFICE["proposed"], day=made.answer_by)
    return made


def confirm(passing: Passing, *, by: User) -> FirmClaim:
    """Do what was proposed. Raises Forbidden for whoever proposed it and whoever may not decide the
    claim, NotReady before the representatives had their days and where it is over.
    """
    decision = Decision(passing.decision, passing.ground, passing.role, passing.number)
    claims.demand(by, passing.claim, decision)
    with claims.deciding(passing.claim, by=by) as claim:
        fresh = passing.held("claim")
        fresh.demand_another(by)
        if not fresh.has_waited:
            raise NotReady(
                _("いまの代表者が異議を述べられるように、%(day)sまで待ちます。")
                % {"day": day_said(fresh.answer_by)}
            )
        fresh.outcome = "confirmed"
        fresh.close(by)
        return claims.settle(claim, decision, by=by)


def take_back(passing: Passing, *, by: User) -> None:
    """An officer ends it; the claim waits on the desk. Raises as `confirm` does."""
    decision = Decision(passing.decision, passing.ground, passing.role, passing.number)
    claims.demand(by, passing.claim, decision)
    with claims.deciding(passing.claim, by=by) as claim:
        _stop(passing, claim, "taken_back", by)


def object_to(passing: Passing, words: str, *, by: User) -> None:
    """A representative says why not. Raises Forbidden for whoever may not, NotReady where it is over."""
    with claims.deciding(passing.claim, by=by) as claim:
        if not may_object(by, claim):
            raise Forbidden(_("この申し出の前からの代表者が、1回だけ述べられます。"))
        _stop(passing, claim, "objected", by, words)
        for person in claims.officers(claim.organisation):
            write_to(person, claim, outgoing.PASSING_TO_OFFICE["objected"])


def waiting() -> Counter[User]:
    """How many proposals each officer may confirm now, their wait being over."""
    rows = Passing.objects.filter(outcome="", answer_by__lt=clock.today())
    found: Counter[User] = Counter()
    for row in rows.select_related("claim__organisation"):
        officers = claims.officers(row.claim.organisation)
        found.update(person for person in officers if row.is_anothers(person))
    return found


def _tell_before(person: User, made: Passing) -> None:
    """Also at the addresses that a representative had lately: whoever took an account over has changed
    them, and would be the only one who hears.
    """
    link = f"{settings.SITE_URL}{made.address_for(person)}"
    with override(person.language):
        words = outgoing.TO_HOLDERS_BEFORE
        says = str(words.says) % {"day": day_said(made.answer_by)}
        subject = f"{words.subject}：{made.told_as}"
        for address in security.had_lately(person):
            send_mail.value(address=address, subject=subject, body=f"{says}\n\n{link}")


def may_object(person: User, claim: FirmClaim) -> bool:
    """Each representative once a claim, so that whoever was heard does not stop it for ever; of those
    who came after the claim was made, nobody.
    """
    heard = claim.passings.filter(outcome="objected", closed_by=person).exists()
    speaks = _speaking(claim).filter(user=person, joined_at__lte=claim.made_at).exists()
    return speaks and not heard


def _speaking(claim: FirmClaim) -> QuerySet[Membership]:
    """Who speaks for the firm, beside the claimant."""
    found = claim.organisation.memberships.filter(role="representative", left_at=None)
    return found.exclude(user=claim.person_id).select_related("user").order_by("pk")


def _stop(passing: Passing, claim: FirmClaim, how: str, by: User, words: str = "") -> None:
    fresh = passing.held()
    fresh.outcome, fresh.objection = how, words
    fresh.close(by)
    claims.note(claim, f"claim.{how}", by)
    write_to(claim.person, claim, outgoing.TO_CLAIMANT["back"])
    for row in _speaking(claim):
        write_to(row.user, claim, outgoing.TO_HOLDERS["back"])
