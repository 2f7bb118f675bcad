"""Who opens a review and a panel, and what a reviewer reads of an application that they are asked
to review: one table, by the state of their review.

Interests are declared before anything is read. Whatever the table says, nobody reads a case in
which an interest of theirs is known (`portal.cases.visibility`).
"""

from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from grants.applications.models import Application
from grants.programmes.models import Call
from grants.reviews.models import Review, ReviewPanel
from grants.reviews.states import GONE, OPEN, PanelState, ReviewState
from portal.accounts.models import StaffRole, User
from portal.accounts.permissions import NOBODY
from portal.cases import visibility
from portal.cases.models import Case
from portal.cases.visibility import DECIDERS

# whose pages of the review these are
READERS = ("reviewer", *DECIDERS)

# review: its own page, which names the applicant so that interests can be declared
# case: the application with its files, the page of the case, and the case in lists
# secret: what the applicant marked secret, where the reviewer was cleared for it
Part = Literal["review", "case", "secret"]

READS: dict[str, tuple[Part, ...]] = {
    ReviewState.ASSIGNED: ("review",),
    ReviewState.DECLARED: ("review", "case", "secret"),
    ReviewState.SCORED: ("review", "case", "secret"),
    ReviewState.REOPENED: ("review", "case", "secret"),
    ReviewState.RECUSED: (),
    ReviewState.REPLACED: (),
    ReviewState.RELEASED: (),
}


def reads(user: User, review: Review, part: Part) -> bool:
    """Is it a review by which the person reads the part?"""
    return review.reviewer_id == user.pk and part in READS[review.state]


def reviews_for(user: User | int, part: Part) -> QuerySet[Review]:
    """The reviews by which the person (or whoever has this key) reads the part."""
    states = [state for state, parts in READS.items() if part in parts]
    return Review.objects.filter(reviewer=user, state__in=states)


def review_for(user: User, pk: int) -> Review:
    """A review: the reviewer's own as READS says.

    Whoever decides or audits loads any of a case that they see.
    """
    rows = Review.objects.select_related("application__case", "panel__call__programme")
    review = get_object_or_404(rows, pk=pk)
    own = user.has_role("reviewer") and reads(user, review, "review")
    decides = visibility.sees_as(user, review.case, *DECIDERS) and is_open(user, review)
    if not own and not decides:
        raise Http404
    return review


def stands(pk: int) -> bool:
    return Review.objects.filter(pk=pk).exists()


def stepped_out(user: User, pk: int) -> Review | None:
    """A reviewer's own review that is theirs no more: they read that this is so, and nothing of the
    case.
    """
    own = Review.objects.filter(reviewer=user, state__in=GONE).select_related("panel__call")
    return own.filter(pk=pk).first() if user.has_role("reviewer") else None


def is_open(user: User, review: Review) -> bool:
    """May the person read the application, be it without whose it is?"""
    return Case.objects.visible_to(user, blindly=True).filter(pk=review.case_id).exists()


def panel_for(user: User, pk: int) -> ReviewPanel:
    """A panel of a call in the person's scope."""
    return get_object_or_404(ReviewPanel, pk=pk, call__in=Call.objects.within(user, *DECIDERS))


def reviewed_by(role: StaffRole) -> Q:
    """The cases that a reviewer reads."""
    mine = reviews_for(role.person_id, "case")
    return Q(pk__in=mine.values("application__case"))


def clears(user: User, application: Application) -> bool:
    """A reviewer of the application who was cleared when the panel was convened, and still has it."""
    mine = reviews_for(user, "secret")
    return mine.filter(application=application, cleared=True).exists()


def veiled_from(user: User) -> Q:
    """The cases of a blind call that were brought before the person as its reviewer, until all scores
    that they wait for are in: the panel is closed, and nobody scores again. Asked of the person, not
    of the role: whoever lost it, or was replaced, may have another one over the same cases.
    """
    if not user.is_office:
        return NOBODY
    scored = Review.objects.filter(application=OuterRef("application"), state__in=OPEN)
    blind = Review.objects.filter(
        Q(panel__state=PanelState.CONVENED) | Exists(scored),
        reviewer=user,
        panel__call__parameters__blind__documents__isnull=False,
    )
    return Q(pk__in=blind.values("application__case"))
