"""The states of a change request and of an award (補助事業), with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal.workflow.graph import State, States


class ChangeState(States):
    DRAFT = State("draft", _lazy("下書き"), _lazy("下書き"), "you")
    SUBMITTED = State(
        "submitted",
        _lazy("変更の申請"),
        _lazy("変更の審査"),
        tone="city",
        side="office",
        role="programme_officer",
        todo=gettext_noop("変更の承認を起案する"),
        days=10,
    )
    RETURNED = State(
        "returned",
        _lazy("差戻し"),
        _lazy("変更の申請の直し"),
        tone="you",
        side="applicant",
        todo=gettext_noop("変更の申請を直して出し直す"),
    )
    APPROVED = State("approved", _lazy("承認"), _lazy("承認"), "good")
    DENIED = State("denied", _lazy("不承認"), _lazy("不承認"), "rest")
    NOTIFIED = State("notified", _lazy("軽微な変更の届出"), _lazy("届出済み"), "good")


class AwardState(States):
    ACTIVE = State("active", _lazy("実施中"), _lazy("事業の実施"), "good")
    SUSPENDED = State("suspended", _lazy("一時停止"), _lazy("一時停止"), "care")
    AMOUNT_FIXED = State("amount_fixed", _lazy("額の確定"), _lazy("額の確定"), "good")
    CLOSED = State("closed", _lazy("完了"), _lazy("完了"), "rest")
    WITHDRAWN = State("withdrawn", _lazy("取下げ"), _lazy("取下げ"), "rest")
    ABANDONED = State("abandoned", _lazy("廃止"), _lazy("廃止"), "rest")
    REVOKED = State("revoked", _lazy("取消"), _lazy("取消"), "stop")
    CANCELLED = State("cancelled", _lazy("事情変更による取消"), _lazy("取消"), "rest")


# the applicant is writing
EDITABLE_CHANGES = (ChangeState.DRAFT, ChangeState.RETURNED)
# handed in and not answered
ASKED_CHANGES = (ChangeState.SUBMITTED, ChangeState.RETURNED)
LIVE_CHANGES = (ChangeState.DRAFT, *ASKED_CHANGES)
# the award takes over what they say
GRANTED_CHANGES = (ChangeState.APPROVED, ChangeState.NOTIFIED)

# the project goes on, or may go on
RUNNING = (AwardState.ACTIVE, AwardState.SUSPENDED)
# its firm still has something to do or to get
OPEN = (*RUNNING, AwardState.AMOUNT_FIXED)
# a payment may be ordered
PAYABLE = (AwardState.ACTIVE, AwardState.AMOUNT_FIXED)
# what it comes to is known
FIXED = (AwardState.AMOUNT_FIXED, AwardState.CLOSED)
# money may still be paid, now or after a transfer came back
LIVE = (*OPEN, AwardState.CLOSED)
# neither suspended nor ended: it has its place on the road
ON_COURSE = (*PAYABLE, AwardState.CLOSED)
# the city took its decision back
TAKEN_BACK = (AwardState.REVOKED, AwardState.CANCELLED)
# as if there had never been a decision: in no sum of what was awarded (`decided.py`)
UNCOUNTED = (AwardState.WITHDRAWN,)
# nothing more will be paid
ENDED = (AwardState.WITHDRAWN, AwardState.ABANDONED, *TAKEN_BACK)
