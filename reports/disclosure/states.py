"""The states of a request for disclosure, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class DisclosureState(States):
    RECEIVED = State("received", _lazy("案を作成中"), "", "you")
    DRAFTED = State("drafted", _lazy("決定待ち"), "", "care")
    DECIDED = State("decided", _lazy("決定済み"), "", "good")
    HANDED_OUT = State("handed_out", _lazy("交付済み"), "", "rest")
    WITHDRAWN = State("withdrawn", _lazy("取下げ"), "", "rest")
