"""The states of a roll-out, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class RolloutState(States):
    CONSIDERED = State(
        "considered",
        _lazy("検討中"),
        _lazy("検討中"),
        "city",
        say=_lazy("市町村が、本格導入を検討しています。"),
    )
    BUDGETED = State(
        "budgeted",
        _lazy("予算化"),
        _lazy("予算が付きました"),
        "good",
        say=_lazy("予算が付きました。仕様を決めています。"),
    )
    SPECIFIED = State(
        "specified",
        _lazy("仕様の確定"),
        _lazy("仕様が決まりました"),
        "city",
        say=_lazy("仕様が決まり、契約の手続きをしています。"),
    )
    CONTRACTED = State(
        "contracted",
        _lazy("契約済み"),
        _lazy("契約しました"),
        "good",
        say=_lazy("契約を結びました。"),
    )
    IN_USE = State(
        "in_use",
        _lazy("利用中"),
        _lazy("使っています"),
        "good",
        say=_lazy("市町村が使っています。"),
    )
    ENDED = State(
        "ended", _lazy("終了"), _lazy("終了"), "rest", say=_lazy("本格導入は終わりました。")
    )
    DROPPED = State(
        "dropped",
        _lazy("見送り"),
        _lazy("見送り"),
        "rest",
        say=_lazy("市町村は、本格導入を見送りました。"),
    )


BEFORE_CONTRACT = (RolloutState.CONSIDERED, RolloutState.BUDGETED, RolloutState.SPECIFIED)
UNDER_CONTRACT = (RolloutState.CONTRACTED, RolloutState.IN_USE)
LIVE = (*BEFORE_CONTRACT, *UNDER_CONTRACT)
OVER = (RolloutState.DROPPED, RolloutState.ENDED)
