"""Whose turn a review makes it: the reviewer's, or the officer's once one is missing or all are in."""

from django.utils.translation import gettext_noop

from grants.applications.states import ApplicationState
from grants.reviews.models import Review
from grants.reviews.states import REVIEWED, PanelState, ReviewState
from portal.accounts.permissions import holds, next_change_of_roles
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted

REVIEWER, OFFICER = "reviewer", "programme_officer"
FIND = gettext_noop("代わりの審査員を決める")

open_reviews = OfCase(
    lambda: (
        Review.objects.filter(application__state__in=REVIEWED)
        .exclude(state__in=Review.DONE)
        .select_related("reviewer", "panel", "application")
        .prefetch_related("reviewer__staff_roles")
    ),
    "application__case",
)
stepped_back = OfCase(
    lambda: Review.objects.filter(
        application__state__in=REVIEWED, state=ReviewState.RECUSED
    ).select_related("panel", "application"),
    "application__case",
)
to_close = OfCase(
    lambda: Review.objects.filter(
        application__state=ApplicationState.UNDER_REVIEW,
        panel__state=PanelState.CONVENED,
        state__in=Review.DONE,
    ).select_related("panel__call", "application"),
    "application__case",
)


def of_case(case: Case) -> list[TurnWanted]:
    if case.kind != "application" or case.is_draft:
        return []
    wanted = [_of_reviewer(review, case) for review in open_reviews.all(case)]
    return wanted + _officers(case, bool(wanted))


def _of_reviewer(review: Review, case: Case) -> TurnWanted:
    """The reviewer's, while their role covers the case: nobody else takes it by a role. Else somebody
    is to be found who does.
    """
    person, until = review.reviewer, next_change_of_roles(review.reviewer)
    if not holds(person, case, REVIEWER):
        return TurnWanted("office", FIND, role=OFFICER, obj=review, until=until)
    what = str(review.info.todo)
    return TurnWanted(
        "office", what, role=REVIEWER, person=person, due_on=review.due_on, obj=review, until=until
    )


def _later(review: Review) -> bool:
    """Did the reviewer step back only after the panel closed?"""
    stepped, closed = review.state_since, review.panel.state_since
    return stepped is not None and closed is not None and stepped > closed


def _officers(case: Case, is_open: bool) -> list[TurnWanted]:
    """One step at a time: another reviewer for each who stepped back, until the panel closed without;
    the panel itself once nobody has to score and nobody has to be found.
    """
    found = [
        TurnWanted("office", FIND, role=OFFICER, obj=review)
        for review in stepped_back.all(case)
        if review.panel.state == PanelState.CONVENED or _later(review)
    ]
    done = to_close.first(case)
    if done is not None and not is_open and not found:
        found.append(
            TurnWanted(
                "office",
                gettext_noop("審査会を閉じる"),
                role=OFFICER,
                obj=done.panel.call,
            )
        )
    return found


SOURCE = TurnSource(turns=of_case, reads=(open_reviews, stepped_back, to_close))
