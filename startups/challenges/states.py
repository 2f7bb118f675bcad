"""The states of a challenge, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class ChallengeState(States):
    DRAFT = State("draft", _lazy("作成中"), "", "you")
    COORDINATING = State("coordinating", _lazy("調整中"), "", "city")
    PUBLISHED = State("published", _lazy("公表中"), _lazy("公表中"), "good")
    DECIDED = State("decided", _lazy("決定済み"), _lazy("提案の募集は終わりました"), "rest")
    ARCHIVED = State("archived", _lazy("保管"), _lazy("終了"), "rest")
    CANCELLED = State("cancelled", _lazy("中止"), _lazy("中止"), "stop")


EDITABLE = (ChallengeState.DRAFT,)
