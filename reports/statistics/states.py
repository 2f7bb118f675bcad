"""The states of a release, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class ReleaseState(States):
    DRAFT = State("draft", _lazy("作成中"), "", "you")
    APPROVED = State("approved", _lazy("公表中"), _lazy("公表中"), "good")
    SUPERSEDED = State(
        "superseded", _lazy("置き換え済み"), _lazy("新しい統計に置き換えました"), "rest"
    )
