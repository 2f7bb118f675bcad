"""The states of an application, and of asking for more time: their words, whose turn each makes it, its clock."""

from typing import assert_never

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal.workflow.graph import State, States


class ApplicationState(States):
    DRAFT = State(
        "draft",
        _lazy("下書き"),
        _lazy("下書き"),
        "you",
        "applicant",
        todo=gettext_noop("申請を書いて提出する"),
        say=_lazy("申請を書いているところです。"),
    )
    SUBMITTED = State(
        "submitted",
        _lazy("提出"),
        _lazy("提出済み"),
        "city",
        "office",
        "programme_officer",
        gettext_noop("書類を確認する"),
        5,
        _lazy("いま、市が書類を確認しています。"),
    )
    RETURNED = State(
        "returned",
        _lazy("補正待ち"),
        _lazy("補正のお願い"),
        "you",
        "applicant",
        todo=gettext_noop("直して、もう一度提出する"),
        say=_lazy("直していただきたいところがあります。"),
    )
    ACCEPTED = State(
        "accepted",
        _lazy("受理"),
        _lazy("受理"),
        "city",
        "office",
        "programme_officer",
        gettext_noop("審査または起案に進める"),
        10,
        _lazy("申請を受理しました。決定に向けて進めています。"),
    )
    UNDER_REVIEW = State(
        "under_review",
        _lazy("審査中"),
        _lazy("審査中"),
        "city",
        "office",
        "",
        "",
        20,
        _lazy("いま、審査員が申請の内容を審査しています。"),
    )
    REVIEWED = State(
        "reviewed",
        _lazy("審査済み"),
        _lazy("審査済み"),
        "city",
        "office",
        "programme_officer",
        gettext_noop("決定を起案する"),
        5,
        _lazy("審査が終わり、決定の手続きをしています。"),
    )
    SELECTED = State(
        "selected",
        _lazy("採択"),
        _lazy("採択"),
        "good",
        "office",
        "programme_officer",
        gettext_noop("交付決定を起案する"),
        5,
        _lazy("採択されました。交付決定の手続きをしています。"),
    )
    WAITLISTED = State(
        "waitlisted",
        _lazy("補欠"),
        _lazy("補欠"),
        "city",
        say=_lazy("補欠として順番をお待ちいただいています。"),
    )
    AWARDED = State(
        "awarded", _lazy("交付決定"), _lazy("交付決定"), "good", say=_lazy("交付が決まりました。")
    )
    REJECTED = State(
        "rejected",
        _lazy("不採択・不交付"),
        _lazy("不採択"),
        "rest",
        say=_lazy("今回は採択に至りませんでした。"),
    )
    INADMISSIBLE = State(
        "inadmissible", _lazy("却下"), _lazy("却下"), "rest", say=_lazy("申請は却下となりました。")
    )
    LAPSED = State(
        "lapsed",
        _lazy("期限切れ"),
        _lazy("期限切れ"),
        "rest",
        say=_lazy("期限までに補正がなく、手続きを終えました。"),
    )
    WITHDRAWN = State(
        "withdrawn",
        _lazy("取下げ"),
        _lazy("取下げ"),
        "rest",
        say=_lazy("申請は取り下げられました。"),
    )
    CONCLUDED = State(
        "concluded",
        _lazy("提案の終結"),
        _lazy("終結"),
        "rest",
        say=_lazy("提案の手続きは終わりました。"),
    )
    CALLED_OFF = State(
        "called_off",
        _lazy("公募の中止による終了"),
        _lazy("公募の中止による終了"),
        "rest",
        say=_lazy("公募を中止したため、手続きは終わりました。"),
    )

    @property
    def place(self) -> int:
        """How far along the applicant's road it stands; -1 before anything was handed in."""
        match self:
            case ApplicationState.DRAFT:
                return -1
            case ApplicationState.SUBMITTED | ApplicationState.RETURNED:
                return 1
            case ApplicationState.ACCEPTED | ApplicationState.UNDER_REVIEW:
                return 2
            case (
                ApplicationState.REVIEWED
                | ApplicationState.SELECTED
                | ApplicationState.WAITLISTED
                | ApplicationState.REJECTED
                | ApplicationState.INADMISSIBLE
                | ApplicationState.LAPSED
                | ApplicationState.WITHDRAWN
                | ApplicationState.CALLED_OFF
            ):
                return 3
            case ApplicationState.AWARDED:
                return 4
            case ApplicationState.CONCLUDED:
                return 5
            case _:
                assert_never(self)


class ExtensionState(States):
    ASKED = State(
        "asked",
        _lazy("延長の申し出"),
        _lazy("市の返事待ち"),
        "city",
        "office",
        "programme_officer",
        gettext_noop("期限の延長の申し出に答える"),
        2,
    )
    GRANTED = State("granted", _lazy("延長を承認"), _lazy("延長を承認"), "good")
    DENIED = State("denied", _lazy("延長を不承認"), _lazy("延長を不承認"), "rest")
    WITHDRAWN = State("withdrawn", _lazy("申し出の取下げ"), _lazy("申し出の取下げ"), "rest")
    OVERTAKEN = State("overtaken", _lazy("申し出の終了"), _lazy("申し出の終了"), "rest")


# handed in, and no result yet
OPEN = (
    ApplicationState.SUBMITTED,
    ApplicationState.RETURNED,
    ApplicationState.ACCEPTED,
    ApplicationState.UNDER_REVIEW,
    ApplicationState.REVIEWED,
    ApplicationState.SELECTED,
)
# handed in, and no outcome that ends it: one on the waiting list may still be awarded
UNDECIDED = (*OPEN, ApplicationState.WAITLISTED)
# one of these at a time in a call: what is under way, or was granted
LIVE = (ApplicationState.DRAFT, *UNDECIDED, ApplicationState.AWARDED)
# the city ended it without a grant
NOT_GRANTED = (ApplicationState.REJECTED, ApplicationState.INADMISSIBLE, ApplicationState.LAPSED)
# the city granted it or did not
DECIDED = (ApplicationState.AWARDED, *NOT_GRANTED)
# nothing of it is looked at any more, whatever was begun
STEPPED_OUT = (ApplicationState.WITHDRAWN, ApplicationState.CALLED_OFF)
ENDED = (*NOT_GRANTED, *STEPPED_OUT, ApplicationState.CONCLUDED)
# the applicant is writing
EDITABLE = (ApplicationState.DRAFT, ApplicationState.RETURNED)
# checked and, where the call has a review, reviewed
READY = (ApplicationState.ACCEPTED, ApplicationState.REVIEWED)
# waits for the others of its intake
TO_DECIDE = (*READY, ApplicationState.SELECTED)
# may be awarded
ELIGIBLE = (*TO_DECIDE, ApplicationState.WAITLISTED)
# from which the applicant may step back: handed in, and nothing was granted yet
WITHDRAWABLE = (
    ApplicationState.SUBMITTED,
    ApplicationState.RETURNED,
    ApplicationState.ACCEPTED,
    ApplicationState.UNDER_REVIEW,
    ApplicationState.REVIEWED,
    ApplicationState.WAITLISTED,
)
# a proposal of which nothing is open any more may end
CONCLUDABLE = (
    ApplicationState.SUBMITTED,
    ApplicationState.ACCEPTED,
    ApplicationState.UNDER_REVIEW,
    ApplicationState.REVIEWED,
)
