"""The states of review panels and of reviews: their words, whose turn, and their clock."""

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from grants.applications.states import ApplicationState
from portal.workflow.graph import State, States


class PanelState(States):
    CONVENED = State("convened", _lazy("審査中"), "", "city")
    CLOSED = State("closed", _lazy("審査終了"), "", "good")


class ReviewState(States):
    ASSIGNED = State(
        "assigned",
        _lazy("依頼中"),
        "",
        "you",
        "office",
        "reviewer",
        gettext_noop("利益相反を申告する"),
        5,
    )
    DECLARED = State(
        "declared", _lazy("採点待ち"), "", "you", "office", "reviewer", gettext_noop("採点する"), 10
    )
    SCORED = State("scored", _lazy("採点済み"), "", "good")
    RECUSED = State("recused", _lazy("回避"), "", "rest")
    REOPENED = State(
        "reopened",
        _lazy("採点のやり直し"),
        "",
        "care",
        "office",
        "reviewer",
        gettext_noop("採点し直す"),
        5,
    )
    REPLACED = State("replaced", _lazy("交代"), "", "rest")
    RELEASED = State("released", _lazy("採点なしで終了"), "", "rest")


# the reviewer said that they have no interest, and may score
SCORABLE = (ReviewState.DECLARED, ReviewState.REOPENED)
OPEN = (ReviewState.ASSIGNED, *SCORABLE)
GONE = (ReviewState.RECUSED, ReviewState.REPLACED, ReviewState.RELEASED)
DONE = (ReviewState.SCORED, *GONE)

# states of an application whose scores may still change
REVIEWED = (ApplicationState.UNDER_REVIEW, ApplicationState.REVIEWED)
