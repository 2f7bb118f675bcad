"""The act that takes places in a course back, and its paper."""

from collections.abc import Sequence

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import ReasonForm
from grants.applications.models import Application
from grants.applications.papers import frame
from grants.awards.acts import basis
from grants.budget.models import lines_of
from grants.seats.models import Enrolment
from grants.seats.states import EnrolmentState
from grants.seats.turns import enrolments_of
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act, Change
from portal.types import Given
from portal.workflow.door import perform


class CancelForm(ReasonForm):
    people = forms.MultipleChoiceField(
        label=_lazy("受講を取り消す人"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("people", "reason")


def _live(application: Application) -> list[Enrolment]:
    return [row for row in enrolments_of.all(application.case) if row.is_live]


def _chosen(application: Application, given: Given) -> list[Enrolment]:
    keys = given.get("people") or []
    return [row for row in _live(application) if str(row.pk) in keys]


def _obstacles(application: Application) -> list[str]:
    if application.stated.unit == "seats" and _live(application):
        return []
    return [_("受講している人がいる案件で起案できます。")]


def _misfits(application: Application, given: Given) -> list[str]:
    if len(_chosen(application, given)) == len(given.get("people") or []):
        return []
    return [_("受講を取り消す人は、いま受講している人から選んでください。")]


def _preview(application: Application, given: Given) -> list[Change]:
    after = str(EnrolmentState.DROPPED.label)
    rows = [(row.name, str(row.info.label), after) for row in _chosen(application, given)]
    return [*rows, (_("理由"), "", str(given["reason"]))]


def _effect(application: Application, *, by: User, given: Given, approval: Approval) -> None:
    for row in _chosen(application, given):
        perform(row, "cancel", by=by, reason=given["reason"])


def _locks(application: Application) -> Sequence[Model]:
    return [*lines_of(application.call, application.frame), *_live(application)]


CANCEL_SEATS = Act(
    label=_lazy("受講の取消し"),
    subject_model="grants_applications.Application",
    form=CancelForm,
    own=("people",),
    choices=lambda application: {"people": [(str(row.pk), row.name) for row in _live(application)]},
    effect=_effect,
    preview=_preview,
    obstacles=_obstacles,
    check=_misfits,
    locks=_locks,
    notice="seat_cancelled",
    basis=basis,
)


def cancelled_facts(
    enrolment: Enrolment, *, reason: str = "", **_given: object
) -> dict[str, object]:
    """受講決定取消通知書."""
    application = enrolment.application
    return frame(
        application,
        about="の受講の決定の取消し",
        decides=True,
        title="受講決定取消通知書",
        body=f"{basis(application)}の規定により行った受講の決定のうち、次の人の受講を取り消しましたので、通知します。",
        body_en="We have taken back the seat in the course of the person below.",
        items=[
            ["受付番号", application.case.receipt_number],
            ["受講を取り消した人", enrolment.name],
            ["取消しの理由", reason],
        ],
    )
