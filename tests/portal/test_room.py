"""How much of the room one may hold: `portal/room.py`."""

from portal.room import SHARE, Room


def filled(room: Room, holder: str, size: int = 1) -> int:
    """How much a holder gets that asks until it is refused."""
    taken = 0
    while room.take(holder, size):
        taken += size
    return taken


def test_whoever_is_alone_leaves_a_part() -> None:
    room = Room(1000)
    assert filled(room, "flood") == 1000 * SHARE // (SHARE + 1)
    assert room.take("shop", 100)


def test_a_second_one_takes_less_and_there_is_something_left() -> None:
    room = Room(1000)
    first, second = filled(room, "one"), filled(room, "other")
    assert first > second > 100
    assert room.take("shop", 20)


def test_what_is_given_back_may_be_taken_again() -> None:
    room = Room(1000)
    taken = filled(room, "one", 50)
    room.give_back("one", taken)
    assert filled(room, "other", 50) == taken
    assert not room.take("other", 1000)
