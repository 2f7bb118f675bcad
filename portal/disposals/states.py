"""The states of a disposal, with their words."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class DisposalState(States):
    DUE = State("due", _lazy("保存期間満了"), _lazy("保存期間満了"), "care")
    EXTENDED = State("extended", _lazy("保存期間の延長"), _lazy("保存期間の延長"))
    TO_ARCHIVES = State("to_archives", _lazy("移管待ち"), _lazy("移管待ち"), "city")
    SAID_HANDED = State("said_handed", _lazy("移管の確認待ち"), _lazy("移管の確認待ち"), "city")
    HANDED_OVER = State("handed_over", _lazy("移管"), _lazy("移管"))
    DESTROYED = State("destroyed", _lazy("廃棄"), _lazy("廃棄"))


# what the portal still holds of the case is to be erased
FINAL = (DisposalState.HANDED_OVER, DisposalState.DESTROYED)
