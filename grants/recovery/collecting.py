"""Money coming back: ordered through acts, received by finance, closed when all is in."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Prefetch, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.awards.models import Award
from grants.budget.models import lines_of
from grants.payments import settling
from grants.payments.models import Payment
from grants.payments.states import MADE
from grants.programmes.interest import percent_said
from grants.recovery import outgoing
from grants.recovery.booking import book_return
from grants.recovery.models import MoneyIn, Recovery
from grants.recovery.states import RecoveryState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.audit.record import record
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.closures import calendars
from portal.days import day_said
from portal.interest import PaidIn, deemed_parts
from portal.types import Given
from portal.workflow import shown
from portal.workflow.door import begin, door, send_out, touch
from portal.workflow.errors import Forbidden, NotReady

DUE_DAYS = 20  # days from the order to its due date, where nothing else is stated


def due_date(case: Case) -> date:
    return calendars.of_case(case).next_open(clock.today() + timedelta(days=DUE_DAYS))


def deemed(award: Award, principal: int) -> list[PaidIn]:
    """The instalments that `principal` yen are deemed to be of, less what earlier orders took of them."""
    paid = Payment.objects.filter(award=award, state__in=MADE)
    instalments = [PaidIn(row.paid_on, row.amount) for row in paid if row.paid_on is not None]
    before = (
        award.recoveries.exclude(state=RecoveryState.CANCELLED).aggregate(n=Sum("principal"))["n"]
        or 0
    )
    return deemed_parts(instalments, principal, before=int(before))


def excess(award: Award, payable: int | None = None) -> int:
    """Yen that the recipient has above what it may have (`payable`, where that is about to change),
    and that no order asks for yet.
    """
    may = award.payable if payable is None else payable
    return above(may, award.payments.all(), award.recoveries.all())


def above(payable: int, payments: Iterable[Payment], recoveries: Iterable[Recovery]) -> int:
    """Yen paid above what may be kept, less whatever was ordered back, came it or was it waived."""
    ordered = sum(row.principal for row in recoveries if row.state != RecoveryState.CANCELLED)
    return settling.made(payments) - ordered - payable


def order(
    award: Award,
    *,
    ground: str,
    reason: str,
    by: User,
    with_surcharge: bool = False,
    lowered: int = 0,
    heard: Given | None = None,
) -> Recovery | None:
    """Order back what the recipient has above what it may have, inside a door that holds the award;
    None where that is nothing. `lowered`: yen by which the same decision lowered it; `heard`: how the
    recipient was heard, where no other paper says so.
    """
    principal = excess(award)
    if principal <= 0:
        return None
    return begin(
        Recovery,
        by=by,
        award=award,
        ground=ground,
        principal=principal,
        reason=reason,
        with_surcharge=with_surcharge,
        lowered=lowered,
        due_on=due_date(award.case),
        parts=deemed(award, principal),
        **(heard or {}),
    )


def open_principal(award: Award) -> int:
    """Yen already ordered back and not yet come."""
    rows = award.recoveries.owed()
    return sum(row.principal - row.principal_back for row in rows)


def asked_back(payment: Payment) -> list[str]:
    """Why a transfer cannot be booked as come back:
    more would be asked of the recipient, or taken from it, than it then has.
    """
    left = settling.received(payment.award) - payment.amount
    if open_principal(payment.award) <= left:
        return []
    return [
        _(
            "届いていない額についての返還命令か納付の記録があります。先に返還命令を取り消すなど、返還の記録を改めてください。"
        )
    ]


def came_in(recovery: Recovery) -> str:
    """The mark of the receipts that a page shows."""
    return shown.mark(*_receipts(recovery))


def _receipts(recovery: Recovery) -> list[int]:
    return list(recovery.receipts.order_by("pk").values_list("pk", flat=True))


def receive(
    recovery: Recovery,
    *,
    amount: int,
    paid_on: date,
    by: User,
    note: str = "",
    payer: str = "",
    seen: str | None = None,
) -> MoneyIn:
    """Book money that came in, by whomever, also before the order or beyond what is owed: what pays
    the principal goes back to its line while its year is open, what is too much is to be given back
    once another has seen it (`see_surplus`).

    `seen`: `came_in` as the page showed it, where it is booked on one: else two who have the same
    slip before them book it twice.

    Raises NotReady for a day before the money went out or still to come, and where nothing is asked;
    Stale where something else came in since the page was opened.
    """
    demand(by, recovery, "finance_officer")
    award = recovery.award
    held = [*lines_of(award.application.call, award.frame), recovery.case, award, recovery]
    with door(by, held):
        if seen is not None:
            shown.demand_unchanged(seen, *_receipts(recovery))
        return _receive(recovery, amount, paid_on, by, {"note": note, "payer": payer})


def _receive(
    recovery: Recovery, amount: int, paid_on: date, by: User, said: dict[str, str]
) -> MoneyIn:
    fresh = Recovery.objects.select_related("award__application__call", "case").get(pk=recovery.pk)
    if fresh.state not in (*Recovery.OWED, RecoveryState.CLOSED):
        raise NotReady(_("返還を求めているか、納付が済んだ返還だけに、納付を記録できます。"))
    if not min(fresh.received_on, fresh.ordered_on) <= paid_on <= clock.today():
        raise NotReady(_("納付の日は、補助金を受け取った日から今日までの日にしてください。"))
    over = fresh.too_much_of(MoneyIn(amount=amount, paid_on=paid_on))
    part = min(amount - over, fresh.principal - fresh.principal_back)
    to_line = book_return(fresh, part, paid_on=paid_on, by=by)
    made = MoneyIn.objects.create(
        recovery=fresh,
        amount=amount,
        over=over,
        paid_on=paid_on,
        **said,
        to_line=to_line,
        booked_by=by,
        booked_at=clock.now(),
    )
    record(
        chain=f"case:{fresh.case_id}",
        action="recovery.receive",
        subject=fresh.subject_key,
        by=by,
        capacity="office",
        label=gettext_noop("返還金の納付を記録しました"),
        amount=amount,
        paid_on=paid_on.isoformat(),
        to_line=to_line,
        over=over,
    )
    touch(fresh.case)
    settling.close_settled([Award.objects.get(pk=fresh.award_id)], by=by)
    return made


def set_off(recovery: Recovery, *, amount: int, since: date, payment: Payment, by: User) -> MoneyIn:
    """Book what a payment is set against, inside a door that holds both: it pays from the day `since`
    which both claims could be (民法 506条2項), and moves in the books of today.
    """
    part = min(amount, recovery.principal - recovery.principal_back)
    made = MoneyIn.objects.create(
        recovery=recovery,
        amount=amount,
        paid_on=since,
        to_line=book_return(recovery, part, paid_on=clock.today(), by=by),
        set_off=payment,
        booked_by=by,
        booked_at=clock.now(),
    )
    record(
        chain=f"case:{recovery.case_id}",
        action="recovery.set_off",
        subject=recovery.subject_key,
        by=by,
        capacity="office",
        label=gettext_noop("支払う補助金と相殺しました"),
        amount=amount,
        paid_on=since.isoformat(),
        to_line=made.to_line,
        payment=payment.subject_key,
    )
    touch(recovery.case)
    settling.close_settled([Award.objects.get(pk=recovery.award_id)], by=by)
    return made


def see_surplus(receipt: MoneyIn, *, by: User) -> None:
    """Another than booked it has seen in the books that it is too much: its paper goes out.

    Raises Forbidden for whoever booked it, NotReady where nothing waits to be seen.
    """
    recovery = receipt.recovery
    demand(by, recovery, "finance_officer")
    with door(by, [recovery.case, recovery.award, recovery]):
        fresh = MoneyIn.objects.select_related("recovery__award__application__call").get(
            pk=receipt.pk
        )
        if not fresh.waits_to_be_seen:
            raise NotReady(_("確認を待つ納めすぎはありません。"))
        if fresh.booked_by_id == by.pk:
            raise Forbidden(_("納付を記録した方は確認できません。別の職員が確認します。"))
        fresh.over_seen_by, fresh.over_seen_at = by, clock.now()
        fresh.save(update_fields=["over_seen_by", "over_seen_at"])
        record(
            chain=f"case:{recovery.case_id}",
            action="recovery.see_surplus",
            subject=recovery.subject_key,
            by=by,
            capacity="office",
            label=gettext_noop("納めすぎた額を確かめました"),
            amount=fresh.over,
        )
        send_out(fresh.recovery, outgoing.REFUND, receipt=fresh)
        touch(recovery.case)


def give_back(receipt: MoneyIn, *, on: date, by: User) -> None:
    """過誤納金の還付: what was too much has been given back. Raises NotReady where nothing is, and before
    another has seen that it is too much.
    """
    recovery = receipt.recovery
    demand(by, recovery, "finance_officer")
    with door(by, [recovery.case, recovery.award, recovery]):
        fresh = MoneyIn.objects.select_related("recovery__case").get(pk=receipt.pk)
        if not fresh.over or fresh.refunded_on is not None or fresh.taken_back_at is not None:
            raise NotReady(_("返すべき過誤納金がありません。"))
        if fresh.waits_to_be_seen:
            raise NotReady(_("納めすぎた額を、別の職員がまだ確かめていません。"))
        if not fresh.paid_on <= on <= clock.today():
            raise NotReady(_("返した日は、納付の日から今日までの日にしてください。"))
        fresh.refunded_on = on
        fresh.save(update_fields=["refunded_on"])
        record(
            chain=f"case:{recovery.case_id}",
            action="recovery.give_back",
            subject=recovery.subject_key,
            by=by,
            capacity="office",
            label=gettext_noop("納めすぎた額を返しました"),
            amount=fresh.over,
            on=on.isoformat(),
        )
        touch(recovery.case)


def schedule(recovery: Recovery, today: date | None = None) -> list[tuple[str, str, int]]:
    """(what, how, yen) of the sum as it stands: every figure with its days."""
    owed, law = recovery.owed(today), recovery.award.stated.interest
    rows: list[tuple[str, str, int]] = [(_("返還額"), "", owed["principal"])]
    if recovery.with_surcharge:
        parts = recovery.instalments_back
        each = "、".join(
            _("%(day)sに受け取った%(yen)s円") % {"day": day_said(p.on), "yen": f"{p.amount:,}"}
            for p in parts
        )
        rows.append(
            (
                _("加算金"),
                _("%(each)sについて、その日から納付の日まで、年%(rate)s%%")
                % {"each": each, "rate": percent_said(law.surcharge_rate)},
                owed["surcharge"],
            )
        )
    if owed["arrears"]:
        how = (
            _("納期限（%(day)s）までの加算金も合わせて、その翌日から納付の日まで、年%(rate)s%%")
            if recovery.owes_on_surcharge
            else _("納期限（%(day)s）の翌日から納付の日まで、年%(rate)s%%")
        ) % {"day": day_said(recovery.due_on), "rate": percent_said(law.arrears_rate)}
        rows.append((_("延滞金"), how, owed["arrears"]))
    if owed["fees"]:
        rows.append((_("督促手数料"), "", owed["fees"]))
    return rows


rows_of = OfCase(
    lambda: Recovery.objects.select_related("award__application__call", "case").prefetch_related(
        Prefetch("receipts", MoneyIn.objects.select_related("set_off__case")), "agreed", "demands"
    )
)
