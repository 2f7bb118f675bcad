"""The states of review panels and of reviews: their words, whose turn, and their clock."""

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal.workflow.graph import State

REVIEW_PANEL_STATES = {
    "convened": State(_lazy("審査中"), "", "city"),
    "closed": State(_lazy("審査終了"), "", "good"),
}


REVIEW_STATES = {
    "assigned": State(
        _lazy("依頼中"), "", "you", "office", "reviewer", gettext_noop("利益相反を申告する"), 5
    ),
    "declared": State(
        _lazy("採点待ち"), "", "you", "office", "reviewer", gettext_noop("採点する"), 10
    ),
    "scored": State(_lazy("採点済み"), "", "good"),
    "recused": State(_lazy("回避"), "", "rest"),
    "reopened": State(
        _lazy("採点のやり直し"), "", "care", "office", "reviewer", gettext_noop("採点し直す"), 5
    ),
    "replaced": State(_lazy("交代"), "", "rest"),
    "released": State(_lazy("採点なしで終了"), "", "rest"),
}

OPEN = ("assigned", "declared", "reopened")
DONE = ("scored", "recused", "replaced", "released")
# the reviewer said that they have no interest, and still has the review
READING = ("declared", "scored", "reopened")
GONE = ("recused", "replaced", "released")

# states of an application whose scores may still change
REVIEWED = ("under_review", "reviewed")
