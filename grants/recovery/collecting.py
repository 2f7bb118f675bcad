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
from grants.recovery.booking import as_it_is, book_return, held_by
from grants.recovery.models import DOUBTED, MoneyIn, Recovery
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
from portal.workflow import duties, shown
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
    made = begin(
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
    take_up(made, by)
    return made


def open_principal(award: Award) -> int:
    """Yen already ordered back and not yet come."""
    rows = [row for row in award.recoveries.all() if row.state in Recovery.OWED]
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
    made = MoneyIn(amount=amount, paid_on=paid_on, **said, booked_by=by, booked_at=clock.now())
    _count(fresh, made, by)
    _note(made, "receive", gettext_noop("返還金の納付を記録しました"), by)
    duties.note(by, [made.duty_subject], "book_receipt")
    touch(fresh.case)
    return made


def _count(recovery: Recovery, money: MoneyIn, by: User) -> None:
    """Let a sum pay what is owed: its part of the principal is booked, what is too much is kept apart."""
    money.over = recovery.too_much_of(money)
    part = min(money.counted, recovery.principal - recovery.principal_back)
    money.to_line = book_return(recovery, part, moved_on=money.moved_on, by=by)
    money.recovery, money.unordered = recovery, None
    money.save()


def _note(money: MoneyIn, action: str, label: str, by: User) -> None:
    record(
        chain=f"case:{money.case.pk}",
        action=f"recovery.{action}",
        subject=money.subject.subject_key,
        by=by,
        capacity="office",
        label=label,
        amount=money.amount,
        paid_on=money.paid_on.isoformat(),
        to_line=money.to_line,
        over=money.over,
    )


def receive_early(
    award: Award,
    *,
    amount: int,
    paid_on: date,
    by: User,
    note: str = "",
    payer: str = "",
    seen: str | None = None,
) -> MoneyIn:
    """Book money that came back although nothing is ordered: it is held outside the accounts and pays
    the order that comes, or is given back once another has seen that none will (`see_surplus`).

    Raises NotReady where an order waits for it, nothing was paid out, or for a day before that or
    still to come; Stale where something else came in since the page was opened.
    """
    demand(by, award, "finance_officer")
    with door(by, [award.case, award]):
        if seen is not None:
            shown.demand_unchanged(seen, *_early(award))
        if award.recoveries.owed().exists():
            raise NotReady(_("返還を命じています。返還命令への納付として記録してください。"))
        days = [row.paid_on for row in award.payments.filter(state__in=MADE) if row.paid_on]
        if not days:
            raise NotReady(_("補助金をまだ支払っていないので、返された金額はありません。"))
        if not min(*days, clock.today()) <= paid_on <= clock.today():
            raise NotReady(_("納付の日は、補助金を受け取った日から今日までの日にしてください。"))
        made = MoneyIn.objects.create(
            unordered=award,
            amount=amount,
            paid_on=paid_on,
            to_line=False,
            note=note,
            payer=payer,
            booked_by=by,
            booked_at=clock.now(),
        )
        _note(made, "receive_early", gettext_noop("返還命令の前の入金を記録しました"), by)
        duties.note(by, [made.duty_subject], "book_receipt")
        touch(award.case)
    return made


def came_early(award: Award) -> str:
    """The mark of the early receipts that a page shows."""
    return shown.mark(*_early(award))


def _early(award: Award) -> list[int]:
    return list(award.early_receipts.order_by("pk").values_list("pk", flat=True))


def take_up(recovery: Recovery, by: User) -> None:
    """Let what came before the sum was asked for, or asked for again, pay it, but for what another saw
    is to be given back.
    """
    early = MoneyIn.objects.standing().early().filter(unordered=recovery.award, over_seen_at=None)
    for money in early.with_subject():
        money.taken_up_at = clock.now()
        _count(recovery, money, by)
        _note(money, "take_up", gettext_noop("先に納められた金額を返還に充てました"), by)


def set_off(recovery: Recovery, *, amount: int, since: date, payment: Payment, by: User) -> MoneyIn:
    """Book what a payment is set against, inside a door that holds both: it pays from the day `since`
    which both claims could be (民法 506条2項), and moves in the books of today.
    """
    part = min(amount, recovery.principal - recovery.principal_back)
    made = MoneyIn.objects.create(
        recovery=recovery,
        amount=amount,
        paid_on=since,
        to_line=book_return(recovery, part, moved_on=clock.today(), by=by),
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
    demand(by, receipt.subject, "finance_officer")
    with door(by, held_by(receipt)):
        fresh = as_it_is(receipt)
        if not fresh.waits_to_be_seen:
            raise NotReady(_("確認を待つ納めすぎはありません。"))
        if fresh.booked_by_id == by.pk:
            raise Forbidden(_("納付を記録した方は確認できません。別の職員が確認します。"))
        _demand_sure(fresh)
        fresh.over_seen_by, fresh.over_seen_at = by, clock.now()
        fresh.over = fresh.over or fresh.amount  # of an early one nothing is owed
        fresh.save(update_fields=["over", "over_seen_by", "over_seen_at"])
        _note(fresh, "see_surplus", gettext_noop("納めすぎた額を確かめました"), by)
        send_out(fresh.subject, outgoing.REFUND, receipt=fresh)
        touch(fresh.case)


def _demand_sure(receipt: MoneyIn) -> None:
    """Nothing is said or paid to a firm on a receipt that somebody holds for wrong."""
    if receipt.is_doubted:
        raise NotReady(str(DOUBTED))


def give_back(receipt: MoneyIn, *, on: date, by: User) -> None:
    """過誤納金の還付: what was too much has been given back. Raises NotReady where nothing is, and before
    another has seen that it is too much.
    """
    demand(by, receipt.subject, "finance_officer")
    with door(by, held_by(receipt)):
        fresh = as_it_is(receipt)
        if fresh.waits_to_be_seen:
            raise NotReady(_("納めすぎた額を、別の職員がまだ確かめていません。"))
        if not fresh.over or fresh.refunded_on is not None or fresh.taken_back_at is not None:
            raise NotReady(_("返すべき過誤納金がありません。"))
        _demand_sure(fresh)
        if not fresh.paid_on <= on <= clock.today():
            raise NotReady(_("返した日は、納付の日から今日までの日にしてください。"))
        fresh.refunded_on = on
        fresh.save(update_fields=["refunded_on"])
        record(
            chain=f"case:{fresh.case.pk}",
            action="recovery.give_back",
            subject=fresh.subject.subject_key,
            by=by,
            capacity="office",
            label=gettext_noop("納めすぎた額を返しました"),
            amount=fresh.over,
            on=on.isoformat(),
        )
        touch(fresh.case)


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
        Prefetch("receipts", MoneyIn.objects.select_related("set_off__case")),
        "agreed",
        "demands",
        "later_requests__asked_by",
    )
)
early_of = OfCase(
    lambda: MoneyIn.objects.standing().early().with_subject().filter(refunded_on=None),
    "unordered__case",
)
