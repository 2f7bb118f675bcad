"""The ways in which a call chooses, and what each of them means: a further one is answered here.

Every method is matched by name and none by what is left over, so that one without an answer fails
the type check, and an unknown one is refused instead of being treated like another.
"""

from typing import Literal, assert_never

Selection = Literal["first_come", "competitive", "lottery"]
Comparison = Literal["none", "intake", "call"]


def is_scored(selection: Selection) -> bool:
    """Whether reviewers' scores decide, with a pass mark and ranks that may be shared."""
    match selection:
        case "competitive":
            return True
        case "first_come" | "lottery":
            return False
        case _:
            assert_never(selection)


def is_drawn(selection: Selection) -> bool:
    """Whether lots decide, from a seed that is sealed beforehand and revealed after the intake."""
    match selection:
        case "lottery":
            return True
        case "first_come" | "competitive":
            return False
        case _:
            assert_never(selection)


def compared_with(selection: Selection) -> Comparison:
    """With whom an application is compared: nobody, those of its intake, or all of the call.

    A lottery is drawn once for the whole call; where scores decide, each intake period is decided
    for itself: of a proposal as of any other. A round that takes proposals as they come states so.
    """
    match selection:
        case "first_come":
            return "none"
        case "competitive":
            return "intake"
        case "lottery":
            return "call"
        case _:
            assert_never(selection)
