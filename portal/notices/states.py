"""The states of a notice, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class NoticeState(States):
    ISSUED = State("issued", _lazy("発行済み"), _lazy("発行済み"), "city")
    DELIVERED = State("delivered", _lazy("交付済み"), _lazy("交付済み"), "good")
    VOIDED = State("voided", _lazy("無効"), _lazy("無効"), "stop")


# it may be verified
VALID = (NoticeState.ISSUED, NoticeState.DELIVERED)
