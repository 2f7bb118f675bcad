"""The states of a consultation, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class ConsultationState(States):
    ASKED = State("asked", _lazy("回答待ち"), _lazy("回答をお待ちください"), "city")
    ANSWERED = State("answered", _lazy("回答済み"), _lazy("回答が届いています"), "good")
    HANDED_OVER = State(
        "handed_over", _lazy("制度へ引継ぎ"), _lazy("使える制度をご案内しました"), "good"
    )
    CLOSED = State("closed", _lazy("終了"), _lazy("終了"), "rest")


# the question is not over
OPEN = (ConsultationState.ASKED, ConsultationState.ANSWERED, ConsultationState.HANDED_OVER)
