"""Approvals: the list, and the page of one."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.core.paginator import Page
from django.db.models import (
    Count,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.models import User, away_until
from portal.accounts.permissions import prefixed
from portal.approvals import paper, rules, shown_files, shown_rows, standing_in
from portal.approvals.access import about, approval_for, cases_told, may_revise, unread
from portal.approvals.models import (
    Approval,
    Attachment,
    Item,
    Step,
    circulation,
    contents,
)
from portal.approvals.models.queries import ApprovalQuerySet
from portal.approvals.ports import acts, draw_document
from portal.approvals.states import ApprovalState
from portal.approvals.stations import READERS, STATIONS
from portal.cases import visibility
from portal.cases.forms import TransitionForm
from portal.cases.models import Reading
from portal.together import together
from portal.types import Context, SignedIn, Text
from portal.ui.limits import PAPERS, limited
from portal.ui.paging import Found, page_of, page_up_to
from portal.workflow.access import staff
from portal.workflow.door import actions
from portal.workflow.papers import pdf
from portal.workflow.writing import press

# the transitions that say yes: their form stands on the page itself
SPOKEN = ("agree", "agree_as_deputy", "approve", "approve_as_deputy")


@staff(*READERS)
def approval_list(request: SignedIn) -> HttpResponse:
    of_one = Item.objects.filter(approval=OuterRef("pk")).order_by().values("approval")
    state = request.GET.get("state", "mine" if request.user.has_role(*STATIONS) else "all")
    case = request.GET.get("case", "")

    def shown(found: QuerySet[Approval]) -> QuerySet[Approval]:
        counted = of_one.annotate(of=Count("pk")).values("of")
        rows = found.select_related("drafted_by").annotate(n=Subquery(counted))
        steps = Prefetch("steps", Step.objects.select_related("person"))
        return rows.order_by("-drafted_at", "-pk").prefetch_related(steps)

    if state == "mine" and not case:
        paged = _mine(request, shown)
    else:
        paged = page_up_to(request, shown(_listed(request.user, state, case)))
    keys = [approval.pk for approval in cast("Page[Approval]", paged["page"])]
    items = Item.objects.filter(prefixed(visibility.seen(request.user), "case"), approval__in=keys)
    with together() as ask:
        named = contents.named_by(ask, items)
        sums = contents.sums(ask, items)
    states: list[tuple[str, Text]] = [
        ("mine", _("あなたの番")),
        ("look", _("後閲を待つもの")),
        ("all", _("すべて")),
    ]
    states += ApprovalState.choices
    return render(
        request,
        "portal/approvals/list.html",
        {
            **paged,
            "states": states,
            "state": state,
            "case": case,
            "firms": {pk: first.organisation.name for pk, first in named().items()},
            "sums": sums(),
        },
    )


def _mine(
    request: SignedIn, shown: Callable[[QuerySet[Approval]], QuerySet[Approval]]
) -> dict[str, Page[Approval] | int]:
    """What waits for a person has a step of theirs or of whom they stand in for, or is their own draft:
    they see it whatever it is about, and nobody is asked which of all drafts that are.
    """
    seen = Approval.objects.without_interest_of(request.user)
    waiting = sorted(set(seen.waiting_since(request.user)), reverse=True)
    rows = Found(
        [pk for _drafted_at, pk in waiting],
        lambda keys: shown(Approval.objects.filter(pk__in=keys)),
    )
    return {"page": page_of(request, rows), "too_many": 0}


def _listed(user: User, state: str, case: str) -> ApprovalQuerySet:
    """Of what the person sees; of a case all, where nobody asked for less."""
    rows = Approval.objects.visible_to(user)
    if case:
        rows = rows.filter(about(user, case))
    if state in ApprovalState.values:
        return rows.filter(state=state)
    if state == "look":
        return rows.filter(pk__in=Approval.objects.to_look_over(user).values("pk"))
    return rows


def _opinion(approval: Approval) -> TransitionForm:
    """What is said with a yes, on the page itself: sent to the page of the transition."""
    form = TransitionForm(
        reason="optional", initial={"seen": approval.version, "key": uuid.uuid4().hex}
    )
    form.fields["reason"].label = _("意見")
    return form


def _next(user: User) -> Approval | None:
    """The draft that has waited longest for the person, for who has nothing to do with this one."""
    return Approval.objects.waiting_for(user).order_by("drafted_at", "pk").first()


@staff(*READERS)
def approval_page(request: SignedIn, pk: int) -> HttpResponse:
    return answer(request, approval_for(request.user, pk))


def answer(
    request: SignedIn, approval: Approval, *, said: str = "", status: int = 200
) -> HttpResponse:
    """The page of an approval. `said`: why the files that were sent are not attached."""
    context = _context(request, _read(approval)) | {"attach_error": said}
    return render(request, "portal/approvals/page.html", context, status=status)


def _read(approval: Approval) -> Approval:
    """With all that its page shows of it."""
    files = Prefetch("attachments", Attachment.objects.select_related("file", "uploaded_by"))
    prefetch_related_objects([approval], "items__case__organisation", files)
    if approval.is_live:
        approval.hold()
    return approval


def _context(request: SignedIn, approval: Approval) -> Context:
    dropped = list(approval.dropped.select_related("case__organisation", "dropped_by"))
    closed = unread(request.user, approval)
    fallen = approval.fallen()
    steps = list(
        approval.steps.select_related("person", "decided_by").prefetch_related("person__absences")
    )
    hidden = _out_of_place(approval, fallen)
    offered = [a for a in actions(request.user, approval) if a.spec.name not in hidden]
    spoken = next((a for a in offered if a.spec.name in SPOKEN and not a.reasons), None)
    return {
        "approval": approval,
        "sent_back": next(
            (step for step in approval.steps_now if step.decision == "returned"), None
        )
        if approval.state == ApprovalState.RETURNED
        else None,
        "below_rule": rules.below_rule(approval) if approval.is_live else [],
        "ruled_why": rules.why(approval) if approval.is_live and not closed else "",
        "kept_as": approval.get_keep_years_display(),
        **shown_rows.shown(request, approval, fallen, closed),
        "closed": [item.case for item in approval.items.all() if item.case_id in closed],
        "stations": _stations(approval, [step for step in steps if step.round == approval.round]),
        "to_look_over": [
            step
            for step in steps
            if step.is_by_deputy and step.person == request.user and step.looked_at is None
        ],
        "said_before": [
            step for step in steps if step.round < approval.round and step.decided_by_id
        ],
        "dropped_told": approval.left_after_dropping if dropped else "",
        "dropped": [row for row in dropped if row.case_id not in closed],
        "may_revise": may_revise(request.user, approval),
        "spoken": spoken,
        "opinion": _opinion(approval) if spoken else None,
        "actions": [a for a in offered if a is not spoken],
        "next": None if offered else _next(request.user),
        "act": acts[approval.act],
        "draws": approval.draws(closed),
        **shown_files.shown(approval, closed),
    }


def _out_of_place(approval: Approval, fallen: Collection[int]) -> set[str]:
    """The acts that belong to another kind of step than the one it is at."""
    is_last = any(step.kind == "decide" for step in approval.open_steps)
    other = {"agree", "agree_as_deputy"} if is_last else {"approve", "approve_as_deputy"}
    return other if fallen else other | {"drop_rows"}


@dataclass(frozen=True)
class Place:
    """A step as its draft's page shows it; of one that is open: until when its person is away, and
    who may act meanwhile.
    """

    step: Step
    away_until: date | None
    stand_ins: list[User]


@dataclass(frozen=True)
class Station:
    """Those who are asked together."""

    places: list[Place]
    is_open: bool

    @property
    def is_done(self) -> bool:
        return all(place.step.decided_at is not None for place in self.places)


def _stations(approval: Approval, steps: list[Step]) -> list[Station]:
    return [
        Station(
            [_place(approval, step) for step in steps if step.n == n],
            approval.is_circulated and n == approval.open_steps[0].n,
        )
        for n in sorted({step.n for step in steps})
    ]


def _place(approval: Approval, step: Step) -> Place:
    is_open = approval.is_circulated and step in approval.open_steps
    away = away_until(step.person) if approval.is_live and step.decided_at is None else None
    found = standing_in.able(approval, step) if is_open else []
    return Place(step, away, [deputy.stand_in for deputy in found])


@require_POST
@staff(*READERS)
def look_over(request: SignedIn, pk: int) -> HttpResponse:
    """後閲済み: the person whose step a deputy decided has read it."""
    approval = approval_for(request.user, pk)
    return press(
        request,
        lambda: circulation.look_over(approval, by=request.user),
        back=approval,
        done=_("後閲済みにしました。"),
    )


@staff(*READERS)
@limited(PAPERS)
def document(request: SignedIn, pk: int) -> HttpResponse:
    """The 起案用紙 as PDF: what is before its readers now, or the 決裁文書 as it ended."""
    approval = get_object_or_404(
        Approval.objects.visible_to(request.user).select_related("drafted_by"), pk=pk
    )
    cases = cases_told(approval.pk)
    Reading.note_each(request.user, "approval.document", cases, approval.subject_key)
    closed = unread(request.user, approval)
    return pdf(draw_document.value(paper.document(approval, closed)), f"approval-{approval.pk}.pdf")
