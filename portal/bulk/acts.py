"""Acts on many cases that need nothing of later rooms: who has them in hand."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User
from portal.cases import assignment, interests
from portal.cases.forms import AssignForm
from portal.cases.models import Case
from portal.cases.ports import BulkAct, Look
from portal.types import Given, Sent
from portal.workflow.errors import NotReady


def _look(by: User, cases: Sequence[Case], given: Given | None) -> dict[int, Look]:
    """Both must have the case in their scope and no interest in it."""
    interests.fill(by, list(cases))
    found = {case.pk: assignment.own_refusals(by, case) for case in cases}
    if given:
        interests.fill(given["person"], list(cases))
        for case in cases:
            found[case.pk] = found[case.pk] or assignment.refusals(given["person"], case)
    return {case.pk: Look(seen=str(case.assigned_to_id), reasons=found[case.pk]) for case in cases}


def _give(case: Case, by: User, given: Given) -> None:
    if "person" not in given:  # their role ended since they were chosen
        raise NotReady(_("選んだ職員は、いまは担当になれません。"))
    if reasons := assignment.assign(case, given["person"], by=by, note=given["note"]):
        raise NotReady(*reasons)


def _form(data: Sent, _cases: Sequence[Case], _by: User) -> AssignForm:
    return AssignForm(data)


ASSIGN = BulkAct(label=_lazy("担当を変える"), look=_look, effect=_give, form=_form)
