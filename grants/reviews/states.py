"""The states of review panels and of reviews: their words, whose turn, and their clock."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.workflow.graph import State

REVIEW_PANEL_STATES = {
    "convened": State(_("審査中"), "", "city"),
    "closed": State(_("審査終了"), "", "good"),
}


REVIEW_STATES = {
    "assigned": State(
        _("依頼中"), "", "you", "office", "reviewer", gettext_noop("利益相反を申告する"), 5
    ),
    "declared": State(_("採点待ち"), "", "you", "office", "reviewer", gettext_noop("採点する"), 10),
    "scored": State(_("採点済み"), "", "good"),
    "recused": State(_("回避"), "", "rest"),
    "reopened": State(
        _("採点のやり直し"), "", "care", "office", "reviewer", gettext_noop("採点し直す"), 5
    ),
    "replaced": State(_("交代"), "", "rest"),
    "released": State(_("採点なしで終了"), "", "rest"),
}

OPEN = ("assigned", "declared", "reopened")
DONE = ("scored", "recused", "replaced", "released")
# the reviewer said that they have no interest, and still has the review
READING = ("declared", "scored", "reopened")
GONE = ("recused", "replaced", "released")

# states of an application whose scores may still change
REVIEWED = ("under_review", "reviewed")
