"""What is bound into the whole of a case of money that is to come back."""

from grants.recovery.models import LaterRequest, MoneyIn, Recovery
from portal.accounts.models import User
from portal.cases.dossier import facts
from portal.cases.models import Case
from portal.cases.ports import Section
from portal.ui.templatetags import ui


def asked_back(case: Case, _user: User) -> list[Section]:
    rows = Recovery.objects.filter(case=case)
    rows = rows.prefetch_related("receipts__set_off__case", "agreed", "demands", "later_requests")
    early = MoneyIn.objects.early().filter(unordered__case=case)
    held = [facts("返還命令の前の入金", *map(_said, early))] if early else []
    return [*map(_recovery, rows), *held]


def _recovery(row: Recovery) -> Section:
    return facts(
        f"返還　{row.get_ground_display()}",
        ("状態", row.info.label),
        ("理由", row.reason),
        ("返還額", ui.in_yen(row.principal)),
        ("加算金", "あり" if row.with_surcharge else "なし"),
        ("命じた日", row.ordered_on),
        ("納期限", row.due_on),
        *[
            ("履行延期", f"{ui.full_day(part.due_on)}まで　{ui.in_yen(part.amount)}")
            for part in row.agreed.all()
        ],
        *[("履行延期の申し出", _asked(asked)) for asked in row.later_requests.all()],
        *[("督促", ui.full_day(made.demanded_on)) for made in row.demands.all()],
        *map(_said, row.receipts.all()),
    )


def _asked(row: LaterRequest) -> str:
    parts = [f"{ui.full_day(part.on)}　{ui.in_yen(part.amount)}" for part in row.parts]
    head = f"{ui.short_moment(row.asked_at)}　{row.info.label}"
    return "\n".join(filter(None, [head, *parts, row.reason, row.answer]))


def _said(money: MoneyIn) -> tuple[str, str]:
    return _kind(money), f"{ui.full_day(money.paid_on)}　{ui.in_yen(money.amount)}　{money.note}"


def _kind(money: MoneyIn) -> str:
    if money.set_off is not None:
        undone = "、取消し" if money.taken_back_at else ""
        return f"相殺（{money.set_off.case}の支払い{undone}）"
    return "納付（取消し）" if money.taken_back_at else "納付"
