"""What is planned for a line, changed: 補正 up and down, and 流用 from one line to another.

What one person proposed and another confirms (`grants.budget.changes`).
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.budget.models import CHANGERS, BudgetEntry, BudgetLine, book
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.audit.record import record
from portal.cases.models import Case
from portal.workflow.errors import NotReady

RECORDED = {
    "appropriation": gettext_noop("予算を増やしました"),
    "supplement": gettext_noop("補正で予算を増やしました"),
    "supplement_cut": gettext_noop("補正で予算を減らしました"),
    "transfer": gettext_noop("予算を流用しました"),
    "voted": gettext_noop("後の年度の予算を記録しました"),
    "allotment": gettext_noop("予算を配当しました"),
    "allotment_cut": gettext_noop("予算の配当を減らしました"),
}


def changed(
    line: BudgetLine,
    kind: str,
    amount: int,
    *,
    by: User,
    note: str,
    case: Case | None = None,
    to: BudgetLine | None = None,
) -> BudgetEntry:
    """Book a change of the line itself, and record it, of a transfer with both lines.

    The book says how much, the record that the office did it.
    """
    entry = book(line, kind, amount, by=by, note=note, case=case, to=to)
    for one in (line, to):
        if one is not None:
            record(
                chain=f"call:{one.call_id}",
                action=f"budgetline.{kind}",
                label=RECORDED.get(kind, gettext_noop("繰越を記録しました")),
                subject=f"budgetline:{one.pk}",
                by=by,
                capacity="office",
                reason=note,
                amount=amount,
                unit=one.unit,
                entry=entry.pk,
            )
    return entry


@transaction.atomic
def appropriate(line: BudgetLine, amount: int, *, by: User, note: str) -> BudgetEntry:
    """当初: `amount` more yen, slots or seats for the line.

    Raises Forbidden outside the scope, or with an interest in who waits for it.
    """
    demand(by, line, *CHANGERS)
    return changed(line, "appropriation", amount, by=by, note=note)


@transaction.atomic
def supplement(line: BudgetLine, amount: int, *, by: User, note: str) -> BudgetEntry:
    """補正（増）. Raises as `appropriate`."""
    demand(by, line, *CHANGERS)
    return changed(line, "supplement", amount, by=by, note=note)


@transaction.atomic
def cut(line: BudgetLine, amount: int, *, by: User, note: str) -> BudgetEntry:
    """補正（減）. Raises as `appropriate`, and NotReady beyond what is not promised."""
    [fresh] = held(line)
    demand(by, fresh, *CHANGERS)
    if reasons := cut_refusals(fresh, amount):
        raise NotReady(*reasons)
    return changed(fresh, "supplement_cut", amount, by=by, note=note)


@transaction.atomic
def transfer(
    line: BudgetLine, to: BudgetLine, amount: int, *, by: User, note: str, permit: str
) -> BudgetEntry:
    """流用: `amount` yen from one line to another, one entry for both. `permit`: the provision of the
    budget that lets it go from one 項 to another, "" within one.

    Raises Forbidden outside the scope of both lines or with an interest, NotReady where the law
    forbids it or the line has not so much left.
    """
    source, target = held(line, to)
    for fresh in (source, target):
        demand(by, fresh, *CHANGERS)
    if reasons := transfer_refusals(source, target, amount, permit):
        raise NotReady(*reasons)
    return changed(source, "transfer", amount, by=by, note=note, to=target)


@transaction.atomic
def vote(line: BudgetLine, amount: int, *, by: User, note: str) -> BudgetEntry:
    """予算化: the budget of a later year holds `amount` yen more of what was promised before it.

    Raises Forbidden as `appropriate`, NotReady beyond what was promised.
    """
    [fresh] = held(line)
    demand(by, fresh, *CHANGERS)
    if reasons := vote_refusals(fresh, amount):
        raise NotReady(*reasons)
    return changed(fresh, "voted", amount, by=by, note=note)


def held(*lines: BudgetLine) -> list[BudgetLine]:
    """The lines as they are now, locked in the one order until the end of the transaction."""
    rows = BudgetLine.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[line.pk for line in lines])}
    return [found[line.pk] for line in lines]


def cut_refusals(line: BudgetLine, amount: int) -> list[str]:
    if amount <= line.loose:
        return []
    text = (
        _("減らせるのは、配当していない%(most)sまでです。先に配当を減らしてください。")
        if line.allotted > line.committed
        else _("減らせるのは、支出負担行為をしていない%(most)sまでです。")
    )
    return [text % {"most": f"{line.loose:,}"}]


def vote_refusals(line: BudgetLine, amount: int) -> list[str]:
    if line.debt_id is None:
        return [_("債務負担行為による予算だけを、予算化できます。")]
    most = line.appropriated - line.voted
    if amount <= most:
        return []
    text = _(
        "予算化できるのは、債務負担行為による額のうち、まだ予算化していない%(most)s円までです。"
    )
    return [text % {"most": f"{most:,}"}]


def transfer_refusals(line: BudgetLine, to: BudgetLine, amount: int, permit: str) -> list[str]:
    """Why money does not go from one line to another: never between 款, between 項 only as the budget
    itself provides (地方自治法 220条2項).
    """
    if line.pk == to.pk or line.unit != "yen" or to.unit != "yen":
        return [_("流用は、円の予算から、ほかの円の予算へ行います。")]
    if line.debt_id is not None or to.debt_id is not None:
        return [_("債務負担行為による額は、流用できません。議決された限度だからです。")]
    if (line.fiscal_year, line.funder) != (to.fiscal_year, to.funder):
        return [_("流用は、同じ市町村の、同じ年度の予算の間で行います。")]
    if not (line.is_classified and to.is_classified):
        return [
            _("先に、両方の予算に予算科目を付けてください。款と項を見て、流用できるかを決めます。")
        ]
    if line.path[:1] != to.path[:1]:
        return [
            _(
                "款の違う予算の間では、流用できません（地方自治法第220条第2項）。補正予算によってください。"
            )
        ]
    if line.path[:2] != to.path[:2] and not permit:
        return [
            _(
                "項の違う予算の間の流用は、予算で定めたときだけできます（地方自治法第220条第2項）。その定めを記録してください。"
            )
        ]
    if amount > line.loose:
        text = (
            _("流用できるのは、配当していない%(most)s円までです。先に配当を減らしてください。")
            if line.allotted > line.committed
            else _("流用できるのは、支出負担行為をしていない%(most)s円までです。")
        )
        return [text % {"most": f"{line.loose:,}"}]
    return []
