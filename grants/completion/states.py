"""The states of a completion report, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal.workflow.graph import State, States


class CompletionState(States):
    DRAFT = State("draft", _lazy("実績報告の下書き"), _lazy("実績報告の準備"), "you")
    SUBMITTED = State(
        "submitted",
        _lazy("実績報告"),
        _lazy("実績報告の検査"),
        tone="city",
        side="office",
        role="inspector",
        todo=gettext_noop("検査する"),
        days=10,
        say=_lazy("いま、市が実績報告を検査しています。"),
    )
    RETURNED = State(
        "returned",
        _lazy("実績報告の補正"),
        _lazy("補正のお願い"),
        tone="you",
        side="applicant",
        todo=gettext_noop("実績報告を直して出し直す"),
        say=_lazy("実績報告に、直していただきたいところがあります。"),
    )
    INSPECTED = State(
        "inspected",
        _lazy("検査済み"),
        _lazy("検査済み"),
        tone="city",
        side="office",
        role="programme_officer",
        todo=gettext_noop("額の確定を起案する"),
        days=5,
        say=_lazy("検査が終わり、補助金の額を確定する手続きをしています。"),
    )


EDITABLE = (CompletionState.DRAFT, CompletionState.RETURNED)
# the office has it
HANDED_IN = (CompletionState.SUBMITTED, CompletionState.INSPECTED)
