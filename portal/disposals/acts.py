"""What the office drafts and decides about records whose time is over."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.cases.models import Case
from portal.days import day_said
from portal.disposals.forms import FateForm
from portal.disposals.models import Disposal, not_over
from portal.types import Given
from portal.workflow.door import perform


def find(case: Case) -> Disposal | None:
    found: Disposal | None = getattr(case, "disposal", None)
    return found


def obstacles(disposal: Disposal) -> list[str]:
    if not disposal.is_due:
        return [_("「%(state)s」の状態ではできません。") % {"state": disposal.info.label}]
    return not_over(disposal)


def preview(disposal: Disposal, given: Given) -> list[tuple[str, str, str]]:
    return [
        (_("保存期間の最後の日"), day_said(disposal.kept_until), _until(given)),
        (_("記録の扱い"), "", str(FateForm.FATES.get(str(given.get("fate")), ""))),
        (_("理由"), "", str(given.get("reason", ""))),
    ]


def _until(given: Given) -> str:
    return day_said(date.fromisoformat(given["until"])) if given.get("until") else ""


def effect(disposal: Disposal, *, by: User, given: Given, approval: Approval) -> Disposal:
    """What is destroyed is erased later, by the job of records: it takes its time for many."""
    until = given.get("until")
    return perform(
        disposal,
        str(given["fate"]),
        by=by,
        reason=str(given["reason"]),
        approval=approval,
        until=date.fromisoformat(until) if until else None,
    )


def order(rows: Sequence[Disposal]) -> list[Disposal]:
    """The longest over first, as the list shows them."""
    return sorted(rows, key=lambda row: (row.kept_until, row.pk))


DISPOSE = Act(
    label=_lazy("保存期間が満了した記録の扱い"),
    subject_model="portal_disposals.Disposal",
    form=FateForm,
    find=find,
    finds=("disposal",),
    obstacles=obstacles,
    preview=preview,
    effect=effect,
    order=order,
    sum_of=lambda _disposal, _given: 0,
)
