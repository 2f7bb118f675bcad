"""A receipt that was entered wrongly is taken back: one person of finance proposes it with the ground,
another confirms it. It stays in the list, and from then on everything is as if it had never come: what
is owed with surcharge and arrears, and the line of the budget.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.budget.models import take_back, undo_return
from grants.payments import settling
from grants.recovery import collecting, outgoing
from grants.recovery.booking import as_it_is, goes_to_line, held_by
from grants.recovery.models import MoneyIn, Recovery
from grants.recovery.states import RecoveryState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.audit.record import record
from portal.days import day_said
from portal.ui.templatetags.ui import in_yen
from portal.workflow import duties
from portal.workflow.door import door, perform, tell, touch, write_to
from portal.workflow.errors import Forbidden, NotReady, Stale

FINANCE = "finance_officer"
STANDS_IN = (*Recovery.OWED, RecoveryState.CLOSED)  # states whose receipts can be taken back


class Paying(Protocol):
    """What the sums ask of a receipt."""

    to_line: bool

    @property
    def counted(self) -> int: ...


def returned(receipts: Sequence[Paying], principal: int) -> int:
    """Yen that went back to the line, of receipts in the order of their booking: each pays what is
    left of the principal.
    """
    found, left = 0, principal
    for row in receipts:
        part = min(row.counted, left)
        left -= part
        found += part if row.to_line else 0
    return found


def propose(receipt: MoneyIn, *, ground: str, by: User) -> MoneyIn:
    """Propose to take a receipt back; nothing changes before another confirms it.

    Raises NotReady where that is proposed or done already, or its recovery was let go.
    """
    with _held(receipt, by) as fresh:
        if fresh.is_doubted:
            raise NotReady(_("取消しは提案されています。別の職員の確認を待っています。"))
        fresh.doubt, fresh.doubted_by, fresh.doubted_at = ground, by, clock.now()
        fresh.save()
        duties.take(by, _subject(fresh), "ask_taking_back")
        _note(fresh, "propose_taking_back", gettext_noop("納付の記録の取消しを提案しました"), by)
    return fresh


def withdraw(receipt: MoneyIn, *, by: User) -> MoneyIn:
    """The receipt stands after all; whoever had proposed it hears of it. Raises Stale where nothing is
    proposed any more.
    """
    with _held(receipt, by) as fresh:
        _demand_open(fresh)
        if fresh.doubted_by is not None and fresh.doubted_by != by:
            write_to(fresh.doubted_by, fresh.subject, outgoing.KEPT)
        _note(fresh, "keep_receipt", gettext_noop("納付の記録の取消しの提案を取り下げました"), by)
        fresh.doubt, fresh.doubted_by, fresh.doubted_at = "", None, None
        fresh.save()
    return fresh


def first_of(receipt: MoneyIn) -> MoneyIn | None:
    """The receipt that is taken back before this one: the last that was too much, and is not given
    back yet, of those booked after it. None stands before the last, so a way back is always open.
    """
    later = MoneyIn.objects.standing().filter(recovery=receipt.recovery_id or 0, pk__gt=receipt.pk)
    return later.filter(over__gt=0, refunded_on=None).order_by("pk").last()


def not_before(receipt: MoneyIn) -> list[str]:
    """What came too much was too much beside the receipt: it is put right first."""
    if receipt.refunded_on is not None:
        return [_("納めすぎた額を返しているので、この納付の記録は取り消せません。")]
    if (first := first_of(receipt)) is None:
        return []
    return [
        _("先に、%(day)sの納付%(yen)s（納めすぎた額%(over)s）の記録を取り消してください。")
        % {"day": day_said(first.paid_on), "yen": in_yen(first.amount), "over": in_yen(first.over)}
    ]


def confirm(receipt: MoneyIn, *, by: User) -> MoneyIn:
    """Take it back, as another person proposed.

    Raises Forbidden for whoever proposed it, Stale where nothing is proposed any more, NotReady where
    the line has spent since what came back to it.
    """
    with _held(receipt, by) as fresh:
        _demand_open(fresh)
        if by.pk == fresh.doubted_by_id:
            raise Forbidden(_("提案した方は確認できません。別の職員が確認します。"))
        duties.take(by, _subject(fresh), "confirm_taking_back")
        if reasons := not_before(fresh):
            raise NotReady(*reasons)
        if fresh.recovery is not None:
            rebook(fresh, by)
        fresh.taken_back_by, fresh.taken_back_at = by, clock.now()
        fresh.save()
        _note(fresh, "take_back_receipt", gettext_noop("納付の記録を取り消しました"), by)
        if fresh.recovery is not None and fresh.recovery.state == RecoveryState.CLOSED:
            collecting.take_up(perform(fresh.recovery, "reopen", by=by, reason=fresh.doubt), by)
        award = Award.objects.get(pk=fresh.award.pk)
        if closed_by(fresh, award) and settling.unsettled(award):
            perform(award, "reopen", by=by, reason=fresh.doubt)
        tell(fresh.case, "applicant", outgoing.TAKEN_BACK, by=by, obj=fresh.subject)
    return fresh


@contextmanager
def _held(receipt: MoneyIn, by: User) -> Iterator[MoneyIn]:
    """The receipt as it is when nobody else books of its award, for who may book.

    Raises NotReady where it stands no longer, or where what is left was waived.
    """
    demand(by, receipt.subject, FINANCE)
    with door(by, held_by(receipt)):
        fresh = as_it_is(receipt)
        if fresh.taken_back_at is not None:
            raise Stale(_("この納付の記録は、すでに取り消されています。"))
        if fresh.set_off_id is not None:
            raise NotReady(_("相殺は決裁によるものなので、納付の記録としては取り消せません。"))
        if fresh.recovery is not None and fresh.recovery.state not in STANDS_IN:
            raise NotReady(
                _("「%(state)s」の返還では、納付の記録を取り消せません。")
                % {"state": fresh.recovery.info.label}
            )
        yield fresh
        touch(fresh.case)


def closed_by(receipt: MoneyIn, award: Award) -> bool:
    """Was the award closed with the receipt, or after it?"""
    since = award.state_since
    return award.state == AwardState.CLOSED and since is not None and since >= receipt.counts_since


def _demand_open(receipt: MoneyIn) -> None:
    if not receipt.is_doubted:
        raise Stale(_("取消しの提案は、すでに取り下げられています。"))


def rebook(receipt: MoneyIn, by: User) -> None:
    """Bring the line to where it would be without the receipt: those that came after it pay of the
    principal what it had paid.
    """
    recovery = receipt.debt
    award = recovery.award
    rows = list(recovery.receipts.standing().order_by("pk"))
    booked = returned(rows, recovery.principal)
    others = [row for row in rows if row != receipt]
    left = recovery.principal
    for row in others:
        is_to_line = left > 0 and (row.to_line or goes_to_line(recovery, row.moved_on))
        if is_to_line != row.to_line:
            row.to_line = is_to_line
            row.save(update_fields=["to_line"])
        left -= min(row.counted, left)
    over = booked - returned(others, recovery.principal)
    call = award.application.call
    if over > 0:
        undo_return(call, award.frame, over, by=by, case=recovery.case)
    elif over < 0:
        take_back(call, award.frame, -over, by=by, case=recovery.case)


def _subject(receipt: MoneyIn) -> str:
    """One proposal: whoever took back an earlier one may confirm that of another."""
    return f"moneyin:{receipt.pk} {receipt.doubted_at:%Y%m%dT%H%M%S%f}"


def _note(receipt: MoneyIn, action: str, label: str, by: User) -> None:
    record(
        chain=f"case:{receipt.case.pk}",
        action=f"recovery.{action}",
        subject=receipt.subject.subject_key,
        by=by,
        capacity="office",
        label=label,
        amount=receipt.amount,
        paid_on=receipt.paid_on.isoformat(),
        reason=receipt.doubt,
    )
