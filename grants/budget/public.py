"""What the public reads of a budget: what each frame of a call has left (decision 0106)."""

from grants.budget.models import BudgetLine
from grants.programmes.models import Call
from grants.programmes.ports import Left

STEPS = 10  # yen are told in steps of this part of the frame's budget, or of its cap


def left(call: Call) -> dict[str, list[Left]]:
    """By frame. Places are told exactly; yen so roughly that the award of one firm that no list names
    cannot be worked out from them.
    """
    found: dict[str, list[Left]] = {}
    for line in BudgetLine.objects.filter(call=call).order_by("unit"):
        cap = call.stated.frame(line.frame).cap
        found.setdefault(line.frame, []).append(
            rough(line.appropriated, line.unpromised, cap)
            if line.unit == "yen"
            else Left(unit=line.unit, whole=line.appropriated, least=line.unpromised)
        )
    return found


def rough(whole: int, unpromised: int, cap: int) -> Left:
    """Yen that are left. What was promised is told between two multiples of a step that is at least as
    wide as the largest award.
    """
    if unpromised == whole:
        return Left(unit="yen", whole=whole, least=whole)
    step = max(cap, whole // STEPS, 1)
    below = whole - (whole - unpromised - 1) // step * step
    return Left(unit="yen", whole=whole, least=max(below - step, 0), below=below)
