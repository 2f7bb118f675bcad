"""The acts of deciding: select, award in full or in part, waitlist, reject.

Each is executed on approval.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django import forms
from django.db.models import Model, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import acts, deciding, obstacles
from grants.applications.acts import (
    NothingToFillIn,
    ReasonForm,
    obstacles_to,
    outcome,
    with_versions,
)
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.awards import firm
from grants.awards.assessing import assessment_of
from grants.awards.models import Award
from grants.budget.drawing import drawn
from grants.budget.models import lines_of
from grants.reviews.ranking import in_order, shown_scores, waiting_ranks
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act, Draw
from portal.types import Given
from portal.ui.forms import LongText, Text, Yen
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import begin_all, perform_all
from portal.workflow.requirements import asked_about

# the reason of a cut that follows from the assessed items; part of the letter, so always Japanese
AS_ASSESSED = "経費の査定によります。内訳は別紙「経費の査定」のとおりです。"


class AwardForm(forms.Form):
    """The amount (the whole request where left empty) and, where it is less, why."""

    amount = Yen(
        label=_lazy("交付決定額（円）"),
        required=False,
        help_text=_lazy(
            "空けておくと、経費を査定した案件は査定による額、ほかは申請額で決定します。"
        ),
    )
    cut_reason = Text(
        label=_lazy("減額の理由"),
        required=False,
        max_length=300,
        help_text=_lazy("申請額より少ないときは必ず書いてください。"),
    )
    conditions = LongText(label=_lazy("交付の条件（追加するとき）"), required=False, rows=3)


def _most(application: Application) -> int:
    """What the costs come to: as assessed, else as applied for."""
    assessment = assessment_of(application)
    return application.requested_amount or 0 if assessment is None else assessment.amount


def _amount(application: Application, given: Given) -> int:
    amount = given.get("amount")
    return int(amount) if amount is not None else _most(application)


def _why_less(application: Application, given: Given) -> str:
    """Of what is cut: the reason that was typed, else that of the assessed items."""
    if _amount(application, given) == application.requested_amount:
        return ""
    is_assessed = assessment_of(application) is not None and given.get("amount") is None
    return str(given.get("cut_reason") or "") or (AS_ASSESSED if is_assessed else "")


def award_unheard(application: Application, given: Given) -> str:
    """A reason where nothing is cut would be in no letter."""
    if not given.get("cut_reason") or _amount(application, given) != application.requested_amount:
        return ""
    return _(
        "申請額のとおりなので、減額の理由は使われません。金額を入れるか、理由を消してください。"
    )


def award_misfits(application: Application, given: Given) -> list[str]:
    """Why the amount cannot be awarded: nothing, more than asked or promised,
    below the floor, or a cut without its reason.
    """
    amount, asked = _amount(application, given), application.requested_amount or 0
    if asked >= amount > (most := _most(application)):
        return [
            _("交付決定額は、査定した経費による額（%(most)s円）までです。") % {"most": f"{most:,}"}
        ]
    if amount > asked:
        return [_("交付決定額は、申請額（%(asked)s円）までです。") % {"asked": f"{asked:,}"}]
    if reasons := obstacles.above_promised(application, amount):
        return reasons
    least = max(application.stated.frame(application.frame).floor, 1)
    if amount < least:
        return [_("交付決定額は、%(least)s円以上にしてください。") % {"least": f"{least:,}"}]
    if amount < asked and not _why_less(application, given):
        return [_("申請額より少なく決定するときは、減額の理由を書いてください。")]
    return []


def above_promised(award: Award) -> list[str]:
    """Why no award of so much begins, whatever led to it."""
    return obstacles.above_promised(award.application, award.awarded_amount)


def award_refusals(application: Application, rows: list[Application]) -> list[str]:
    """Why money cannot be awarded in one draft with `rows`."""
    if application.stated.unit == "seats":
        return [_("この制度は、受講の決定を起案します。")]
    return deciding.refusals(application, rows)


def award_order(applications: Collection[Application]) -> list[Application]:
    """The waiting list by its ranks, then the others as they are ranked."""
    return sorted(
        in_order(applications), key=lambda row: (row.waiting_rank is None, row.waiting_rank or 0)
    )


def award_preview(application: Application, given: Given) -> list[tuple[str, str, str]]:
    amount = _amount(application, given)
    rows = [
        (_("状態"), str(application.info.label), str(ApplicationState.AWARDED.label)),
        (_("金額"), in_yen(application.requested_amount or 0), in_yen(amount)),
        *_on_paper(application),
        *_assessed(application),
    ]
    why = _why_less(application, given)
    return rows + ([(_("減額の理由"), "", why)] if why else [])


def _on_paper(application: Application) -> list[tuple[str, str, str]]:
    """Of one that the office typed: who decides reads that its moment was typed, too, when, and why so
    late.
    """
    said = application.arrival_said
    return [(_("紙の申請"), "", said)] if said else []


def _assessed(application: Application) -> list[tuple[str, str, str]]:
    """The items that were cut."""
    assessment = assessment_of(application)
    items = assessment.items.all() if assessment is not None else []
    return [
        (
            _("経費%(n)s　%(what)s") % {"n": item.n, "what": item.what},
            in_yen(item.applied),
            f"{in_yen(item.accepted)}（{item.reason}）",
        )
        for item in items
        if item.cut
    ]


def basis(application: Application) -> str:
    """The article of the guideline under which is awarded, or the guideline."""
    stated = application.stated
    return f"{stated.guideline}{stated.award_article}"


def award_draws(rows: Sequence[tuple[Application, Given]]) -> list[Draw]:
    return drawn(
        (application.call, application.frame, _amount(application, given), 1)
        for application, given in rows
    )


def award_effect(application: Application, *, by: User, given: Given, approval: Approval) -> None:
    award_all([(application, given)], by=by, approval=approval)


def award_all(rows: Sequence[tuple[Application, Given]], *, by: User, approval: Approval) -> None:
    applications = [application for application, _given in rows]
    with_versions(applications)
    together = frozenset(application.pk for application in applications)
    for application in applications:
        application.decided_with = together
    perform_all([(row, {"amount": _amount(row, given)}) for row, given in rows], "award", by=by)
    for application in applications:
        application.case.memo = None  # what was found before the decision
    begin_all(Award, [_awarded(row, given) for row, given in rows], by=by)


def _awarded(application: Application, given: Given) -> Given:
    """What `Award.begin` is given."""
    return {
        "application": application,
        "amount": _amount(application, given),
        "cut_reason": _why_less(application, given),
        "conditions": given.get("conditions", ""),
    }


def waitlist_effect(
    application: Application, *, by: User, given: Given, approval: Approval
) -> None:
    waitlist_all([(application, given)], by=by, approval=approval)


def waitlist_all(
    rows: Sequence[tuple[Application, Given]], *, by: User, approval: Approval
) -> None:
    """Put all onto the lists of their frames, each at the rank that the ranking gives."""
    frames: dict[tuple[int, str], list[Application]] = {}
    for application, _given in rows:
        frames.setdefault((application.call_id, application.frame), []).append(application)
    ranks: dict[int, int] = {}
    for joining in frames.values():
        call = joining[0].call
        ranks |= waiting_ranks(
            call, joining[0].frame, {a.pk for a in joining}, dict(deciding.drafted(call.pk))
        )
    applications = in_order([application for application, _given in rows])
    with_versions(applications)
    perform_all([(row, {"rank": ranks.get(row.pk, 0)}) for row in applications], "waitlist", by=by)
    _move_down(ranks, by)


def _move_down(ranks: dict[int, int], by: User) -> None:
    """Whoever waited before and has others ahead of them now is told the new rank."""
    waiting = Application.objects.filter(pk__in=ranks, state=ApplicationState.WAITLISTED)
    moved = [
        (row, {"rank": ranks[row.pk]})
        for row in waiting.select_related("case__organisation").prefetch_related("call", "versions")
        if row.waiting_rank != ranks[row.pk]
    ]
    perform_all(moved, "move_down", by=by)


def _waiting(application: Application) -> list[Model]:
    """Call, and everybody who waits in the frame: their ranks may change."""
    rows = deciding.waiting_beside(application)
    return [application.call, *[locked for row in rows for locked in (row.case, row)]]


def reject_effect(application: Application, *, by: User, given: Given, approval: Approval) -> None:
    reject_all([(application, given)], by=by, approval=approval)


def reject_all(rows: Sequence[tuple[Application, Given]], *, by: User, approval: Approval) -> None:
    applications = [application for application, _given in rows]
    with_versions(applications)
    prefetch_related_objects(applications, "reviews__scores")
    told = [(row, {"reason": given["reason"], "scores": shown_scores(row)}) for row, given in rows]
    perform_all(told, "reject", by=by)


READS = (*acts.READS, "reviews", "call__budget_lines")
AWARD_READS = (*READS, "assessment__items")


def fill(applications: list[Application]) -> None:
    """What is asked of each: who waits before it, and what the registry says of its firm."""
    deciding.know_waiting(applications)
    firm.know_registered([application.case for application in applications])


AWARD = Act(
    label=_lazy("交付決定"),
    subject_model="grants_applications.Application",
    form=AwardForm,
    own=("amount",),
    effect=award_effect,
    preview=award_preview,
    obstacles=lambda application: award_refusals(application, []),
    locks=lambda application: [
        *lines_of(application.call, application.frame),
        application.call,
        *asked_about(application, "award"),
    ],
    notice="award",
    among=award_refusals,
    order=award_order,
    check=award_misfits,
    unheard=award_unheard,
    basis=basis,
    draws=award_draws,
    sum_of=_amount,
    effect_all=award_all,
    finds=acts.FINDS,
    reads=AWARD_READS,
    fill=fill,
)
WAITLIST = Act(
    label=_lazy("補欠"),
    subject_model="grants_applications.Application",
    form=NothingToFillIn,
    effect=waitlist_effect,
    preview=outcome("waitlist"),
    obstacles=obstacles_to("waitlist"),
    locks=_waiting,
    notice="waitlist",
    is_by_row=False,
    basis=basis,
    effect_all=waitlist_all,
    order=in_order,
    finds=acts.FINDS,
    reads=READS,
    fill=deciding.know_waiting,
)
REJECT = Act(
    label=_lazy("不採択・不交付"),
    subject_model="grants_applications.Application",
    form=ReasonForm,
    effect=reject_effect,
    preview=outcome("reject"),
    obstacles=obstacles_to("reject"),
    locks=lambda application: [application.call],
    notice="rejection",
    basis=basis,
    effect_all=reject_all,
    order=in_order,
    finds=acts.FINDS,
    reads=READS,
)
SELECT = replace(
    acts.simple("select", _lazy("採択"), NothingToFillIn, ""), order=in_order, reads=READS
)
