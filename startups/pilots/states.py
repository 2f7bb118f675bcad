"""The states of a booking and of a pilot, with their words and whose turn each makes."""

from typing import assert_never

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class BookingState(States):
    ASKED = State("asked", _lazy("依頼"), _lazy("市町村の返事を待っています"), "city")
    PROMISED = State("promised", _lazy("約束"), _lazy("約束"), "good")
    LENT = State("lent", _lazy("引き渡し済み"), _lazy("使えます"), "good")
    RETURNED = State("returned", _lazy("終了"), _lazy("終了"), "rest")
    REFUSED = State("refused", _lazy("お断り"), _lazy("お断り"), "stop")
    CANCELLED = State("cancelled", _lazy("取りやめ"), _lazy("取りやめ"), "rest")


class PilotState(States):
    PREPARING = State(
        "preparing",
        _lazy("協定の準備"),
        _lazy("協定の準備"),
        "city",
        say=_lazy("実証の条件を、市町村と一緒に決めています。"),
    )
    AGREED = State(
        "agreed",
        _lazy("協定を締結"),
        _lazy("協定を結びました"),
        "good",
        say=_lazy("協定を結びました。まもなく実証が始まります。"),
    )
    RUNNING = State(
        "running", _lazy("実証中"), _lazy("実証中"), "city", say=_lazy("いま、実証を行っています。")
    )
    REPORTED = State(
        "reported",
        _lazy("結果の評価"),
        _lazy("結果の評価"),
        "city",
        say=_lazy("結果を、担当課・提案者・アドバイザリーボードで評価しています。"),
    )
    EVALUATED = State(
        "evaluated",
        _lazy("評価済み"),
        _lazy("評価が終わりました"),
        "good",
        say=_lazy("実証の評価が終わり、結果を公表しました。"),
    )
    STOPPED = State(
        "stopped", _lazy("中止"), _lazy("中止"), "stop", say=_lazy("実証は中止になりました。")
    )

    @property
    def place(self) -> int:
        """How far along the road of a pilot it stands; -1 off it."""
        match self:
            case PilotState.PREPARING:
                return 0
            case PilotState.AGREED:
                return 1
            case PilotState.RUNNING:
                return 2
            case PilotState.REPORTED:
                return 4
            case PilotState.EVALUATED:
                return 6
            case PilotState.STOPPED:
                return -1
            case _:
                assert_never(self)


# agreed, and neither evaluated nor stopped
UNDER_WAY = (PilotState.AGREED, PilotState.RUNNING, PilotState.REPORTED)
LIVE_PILOTS = (PilotState.PREPARING, *UNDER_WAY)


# nobody else can have the thing meanwhile
TAKEN_BOOKINGS = (BookingState.PROMISED, BookingState.LENT)
LIVE_BOOKINGS = (BookingState.ASKED, *TAKEN_BOOKINGS)
