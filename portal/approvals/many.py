"""Many cases in one draft: which of them the act can be drafted on."""

from collections.abc import Sequence

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.approvals.models import contents
from portal.approvals.ports import Act, acts
from portal.cases import interests
from portal.cases.models import Case
from portal.cases.ports import BulkAct, Look
from portal.types import Given, Row
from portal.workflow import duties

DRAFTER = office("programme_officer", "approver")


def drafting(name: str) -> BulkAct | None:
    """Going on to the draft of an act with the cases that it can be drafted on."""
    if name not in acts:
        return None
    act = acts[name]
    return BulkAct(
        label=_("「%(label)s」を起案する") % {"label": act.label},
        look=lambda by, cases, _given: _look(act, by, cases),
        effect=_never,
        form=lambda data, _cases, _by: forms.Form(data),
        goes_to=lambda pk: f"{reverse('approval_draft')}?act={name}&bulk={pk}",
    )


def _look(act: Act[Row], by: User, cases: Sequence[Case]) -> dict[int, Look]:
    interests.fill(by, list(cases))
    fits = {
        case.pk: row
        for case, row in zip(cases, act.subjects(cases), strict=True)
        if row is not None
    }
    there = act.read(list(fits.values()))
    done = duties.done(by, [f"case:{case.pk}" for case in cases])
    looks, waiting = {}, contents.in_hand(cases)
    for case in cases:
        row = fits.get(case.pk)
        if case.pk in waiting:
            looks[case.pk] = Look(seen="", reasons=[contents.whereabouts(waiting[case.pk])])
            continue
        if row is None:
            looks[case.pk] = Look(seen="", reasons=[_("この案件では、まだ起案できません。")])
            continue
        subject = f"case:{case.pk}"
        reasons = DRAFTER.reasons(by, case) or duties.conflicts(
            by, [subject], "draft_approval", done
        )
        looks[case.pk] = Look(seen=str(row.version), reasons=reasons or act.refusals(row, there))
    return looks


def _never(_case: Case, _by: User, _given: Given) -> None:
    raise TypeError("a draft is made on its own page")
